package audit

// elasticHit is a document of Elasticsearch or OpenSearch as searches and dumps
// give it. Source: Elastic, "Search API"; elasticsearch-dump/elasticsearch-dump.
var elasticHit = wrapper{
	name:   "Elasticsearch document",
	doc:    "an object with _source, as it stands in the answers to searches and on the lines of elasticdump.",
	keys:   []string{"_source"},
	unwrap: unwrapHit,
}

func unwrapHit(o object, m *message) []byte {
	source := o.get("_source")
	if source[0] != '{' {
		return nil
	}
	identify(o, m)
	return source
}

// elasticAction is the line before each document of a bulk request, which says
// where it goes. Source: Elastic, "Bulk API".
var elasticAction = wrapper{
	name:   "Elasticsearch bulk request",
	doc:    "lines of index or create before the documents, which are skipped.",
	unwrap: unwrapAction,
}

func unwrapAction(o object, _ *message) []byte {
	if len(o) != 1 || o[0].value[0] != '{' {
		return nil
	}
	switch string(o[0].key) {
	case "index", "create":
	default:
		return nil
	}
	target := members(nil, o[0].value)
	for _, t := range target {
		switch string(t.key) {
		case "_index", "_id", "_type", "routing", "pipeline", "require_alias", "dynamic_templates", "version", "version_type",
			"if_seq_no", "if_primary_term", "require_data_stream", "list_executed_pipelines":
		default:
			return nil
		}
	}
	return o[0].value[:0]
}

// elasticSearch is the answer to a search, or to a step of a scroll.
var elasticSearch = document{
	name: "Elasticsearch search",
	doc:  "the answer of Elasticsearch or OpenSearch to a search or a scroll, one or several.",
	keys: []string{"hits"},
	list: "hits.hits[]",
}

// elasticSearches is the answer to several searches. Source: Elastic, "Multi
// search API".
var elasticSearches = document{
	name: "Elasticsearch multi search",
	doc:  "the answers to several searches.",
	keys: []string{"responses"},
	list: "responses[].hits.hits[]",
}

// elasticAsync is what Elasticsearch keeps of a search that runs in the
// background. Source: Elastic, "Async search".
var elasticAsync = document{
	name: "Elasticsearch async search",
	doc:  "the answer to a search in the background.",
	keys: []string{"response"},
	list: "response.hits.hits[]",
}
