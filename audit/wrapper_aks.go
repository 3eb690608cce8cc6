package audit

import "bytes"

// aksRecord is a log record of an AKS cluster, on the lines of PT1H.json in a
// storage account and in the batches of an Event Hub. The text ends with a
// newline, if all of it is there: AKS cuts what is long. All categories can
// stand in one file. Source: Azure, "Azure resource logs" and "Monitor AKS data
// reference"; Azure/AKS issues 4635 and 4750; falcosecurity/plugins issue 1145.
var aksRecord = wrapper{
	name: "AKS log record",
	doc: "the lines of an AKS cluster in a storage account, with the text under properties.log; " +
		"of what AKS cut there is the beginning, and what is of other categories is counted.",
	keys:   []string{"properties"},
	unwrap: unwrapAKS,
}

func unwrapAKS(o object, m *message) []byte {
	m.logged = instant(o.get("time"))
	m.foreign = o.get("category") != nil && !bytes.HasPrefix(o.text("category"), []byte("kube-audit"))
	properties := o.get("properties")
	if properties[0] == '"' {
		return properties
	}
	log := o.within("properties", "log")
	if len(log) == 0 {
		return nil
	}
	m.cut = log[0] == '"' && !bytes.HasSuffix(log, []byte(`\n"`))
	return log
}

// aksRecords is what AKS sends to an Event Hub, and wrote to storage accounts
// before November 2018.
var aksRecords = document{
	name: "Azure records",
	doc:  "the batches of log records that Azure sends to an Event Hub.",
	keys: []string{"records"},
	list: "records[]",
}

// azureTables is the answer of Log Analytics to a query: tables with the names of
// their columns. Source: Azure, "Azure Monitor Log Analytics API".
var azureTables = document{
	name:   "Azure query",
	doc:    "the answer of Log Analytics to a query, as tables of columns and rows.",
	keys:   []string{"tables"},
	list:   "tables[].rows[]",
	header: azureColumns,
}

func azureColumns(path string, value []byte, m *message) {
	if path != "tables[].columns" || value[0] != '[' {
		return
	}
	m.columns = nil
	for _, column := range elements(nil, value) {
		if column[0] != '{' {
			return
		}
		m.columns = append(m.columns, string(members(nil, column).text("name")))
	}
}

// diagnosticsRow is a row of the table AzureDiagnostics of Log Analytics, in
// which the text has at most 32 KiB. Source: Azure, "AzureDiagnostics"; Azure/AKS
// issue 3316.
var diagnosticsRow = wrapper{
	name:   "AzureDiagnostics row",
	doc:    "a row of Log Analytics with the text under log_s; of what is cut there is the beginning.",
	keys:   []string{"log_s"},
	unwrap: unwrapDiagnostics,
}

func unwrapDiagnostics(o object, m *message) []byte {
	log := o.get("log_s")
	if log[0] != '"' {
		return nil
	}
	m.logged = instant(o.get("TimeGenerated"))
	m.foreign = o.get("Category") != nil && !bytes.HasPrefix(o.text("Category"), []byte("kube-audit"))
	m.cut = !bytes.HasSuffix(log, []byte(`\n"`))
	return log
}

// aksAuditRow is a row of the tables AKSAudit and AKSAuditAdmin of Log Analytics,
// in which the members of an event are columns. Source: Azure, "AKSAudit".
var aksAuditRow = wrapper{
	name:  "AKSAudit row",
	doc:   "a row of Log Analytics with the members of an event as columns, of which the event is made.",
	keys:  []string{"AuditId"},
	build: buildAKSAudit,
}

var aksAuditColumns = []column{
	{"Level", "level", false},
	{"AuditId", "auditID", false},
	{"Stage", "stage", false},
	{"RequestUri", "requestURI", false},
	{"Verb", "verb", false},
	{"User", "user", true},
	{"SourceIps", "sourceIPs", true},
	{"UserAgent", "userAgent", false},
	{"ObjectRef", "objectRef", true},
	{"ResponseStatus", "responseStatus", true},
	{"RequestObject", "requestObject", true},
	{"ResponseObject", "responseObject", true},
	{"RequestReceivedTime", "requestReceivedTimestamp", false},
	{"StageReceivedTime", "stageTimestamp", false},
	{"Annotations", "annotations", true},
}

func buildAKSAudit(dst []byte, o object, m *message) []byte {
	if o.get("Stage") == nil {
		return nil
	}
	m.logged = instant(o.get("TimeGenerated"))
	return appendEvent(dst, o, aksAuditColumns)
}
