package evict

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
)

// read returns the record that ev makes; nil if it makes none.
//
// Its time is that of the arrival, else of the stage, else of the log service.
// It is zero if the log has none of them, and the record then comes before all
// others.
func (x *relevance) read(ev audit.Event) (*record, error) {
	if !x.wants(&ev) {
		return nil, nil
	}
	decoded, err := ev.Decode()
	if err != nil {
		return nil, err
	}
	r := recordOf(decoded)
	if r == nil {
		return nil, nil
	}
	r.pos, r.stream = ev.Pos, ev.Stream
	if r.at.IsZero() {
		r.at = ev.Time()
	}
	if at := r.attempt; at != nil {
		at.place(ev)
		at.Time = r.at
	}
	return r, nil
}

// recordOf returns the record that a decoded event makes; nil if it makes
// none.
//
// A request that was refused changed nothing. It makes a record only if it was
// to evict or to delete pods: such refusals tell who tried, and some of them
// which pod there is.
func recordOf(ev *auditv1.Event) *record {
	ref := ev.ObjectRef
	if ref == nil {
		return nil
	}
	kind, ok := relevant[resourceName{ref.APIGroup, ref.Resource, ref.Subresource}][ev.Verb]
	if !ok || !answered(ev) && (kind != attempted || ev.Stage != auditv1.StageRequestReceived) {
		return nil
	}
	r := &record{
		kind:      kind,
		at:        ev.RequestReceivedTimestamp.Time,
		stage:     ev.Stage,
		auditID:   string(ev.AuditID),
		request:   requestOf(ev),
		group:     ref.APIGroup,
		namespace: ref.Namespace,
		name:      ref.Name,
		uid:       string(ref.UID),
	}
	if r.at.IsZero() {
		r.at = ev.StageTimestamp.Time
	}
	if ev.Stage != auditv1.StageRequestReceived {
		r.done = ev.StageTimestamp.Time
	}
	if ev.ResponseStatus != nil {
		r.code = ev.ResponseStatus.Code
	}
	r.dryRun = dryRunByQuery(ev.RequestURI)
	if !r.readKind(ev) {
		return nil
	}
	return r
}

// readKind reads what only records of its kind have, and reports whether the
// record says anything.
func (r *record) readKind(ev *auditv1.Event) bool {
	switch r.kind {
	case attempted:
		return r.readAttempt(ev)
	case podDeleted:
		r.readDelete(ev)
		return true
	case podsDeleted:
		r.readCollection(ev)
		return true
	}
	if !succeeded(r.code) {
		return false
	}
	switch r.kind {
	case podCreated, podChanged:
		return r.readPod(ev)
	case podBound:
		return r.readBinding(ev)
	case nodeChanged:
		return r.readNode(ev)
	case ownerChanged:
		return r.readOwner(ev)
	case ownerDeleted:
		r.readDelete(ev)
		r.readDeletedOwner(ev)
		return true
	case nodeDeleted, namespaceDeleted:
		r.readDelete(ev)
		return true
	case evictionRequested:
		return r.readEvictionRequest(ev)
	}
	return false
}

// answered reports whether the event says what became of the request. A failed
// authentication is answered at the stage ResponseStarted and has no later one
// (observed); of other requests that is the stage of those that go on for
// long.
func answered(ev *auditv1.Event) bool {
	switch ev.Stage {
	case auditv1.StageRequestReceived:
		return false
	case auditv1.StageResponseStarted:
		return ev.ResponseStatus != nil && ev.ResponseStatus.Code == http.StatusUnauthorized
	}
	return true
}

func succeeded(code int32) bool { return code >= 200 && code < 300 }

// requestOf returns what rules look at. Webhook and message are those of a
// refusal; a request that succeeded has none.
func requestOf(ev *auditv1.Event) Request {
	q := Request{
		Actor:       actorOf(ev),
		Verb:        ev.Verb,
		Resource:    ev.ObjectRef.Resource,
		Subresource: ev.ObjectRef.Subresource,
		URI:         ev.RequestURI,
		RBAC:        ev.Annotations["authorization.k8s.io/reason"],
	}
	if s := ev.ResponseStatus; s != nil && s.Code >= http.StatusBadRequest {
		ans := newAnswer(ev)
		q.Webhook, q.Message = cmp.Or(ans.deniedBy, ans.failedCall), ans.Message
	}
	return q
}

// readAttempt reads an attempt to evict.
func (r *record) readAttempt(ev *auditv1.Event) bool {
	at, ok := FromEvent(ev)
	if !ok {
		return false
	}
	r.attempt = &at
	r.code, r.dryRun, r.grace = at.Code, at.DryRun, at.GracePeriodSeconds
	r.uid = cmp.Or(at.UID, r.uid)
	if at.LiveUID != "" {
		r.pods = []podState{{namespace: r.namespace, name: r.name, uid: at.LiveUID}}
	}
	r.request.APIVersion = at.APIVersion
	if at.APIVersion != "" {
		body := decode[struct {
			Metadata struct {
				Annotations map[string]string `json:"annotations"`
			} `json:"metadata"`
		}](ev.RequestObject)
		r.request.Annotations = body.Metadata.Annotations
	}
	return true
}

// readDelete reads the options of a delete, and what the answer says of the
// object. That is the object, or a Status with its uid.
func (r *record) readDelete(ev *auditv1.Event) {
	r.readOptions(ev)
	if s := ev.ResponseStatus; s != nil && s.Details != nil {
		r.uid = cmp.Or(r.uid, string(s.Details.UID))
	}
	body := decode[struct {
		Kind     string   `json:"kind"`
		Metadata metadata `json:"metadata"`
		Details  struct {
			UID string `json:"uid"`
		} `json:"details"`
	}](ev.ResponseObject)
	if body.Kind == "Status" {
		r.uid = cmp.Or(r.uid, body.Details.UID)
	} else {
		r.uid = cmp.Or(r.uid, body.Metadata.UID)
	}
	if r.kind != podDeleted {
		return
	}
	var pod podState
	if isPod(body.Kind) {
		b := decode[podBody](ev.ResponseObject)
		pod = b.state()
	} else {
		pod.uid = r.uid
	}
	if what, _, live := precondition(r.request.Message); what == "UID" {
		pod.uid = live
	}
	r.addPod(pod)
}

// readCollection reads a delete of many pods. At level RequestResponse the
// answer lists them as they were before (observed); at lower levels nothing
// names them.
func (r *record) readCollection(ev *auditv1.Event) {
	r.readOptions(ev)
	list := decode[struct {
		Kind  string    `json:"kind"`
		Items []podBody `json:"items"`
	}](ev.ResponseObject)
	if list.Kind != "PodList" && list.Kind != "PartialObjectMetadataList" {
		return
	}
	for i := range list.Items {
		r.addPod(list.Items[i].state())
	}
}

// readOptions reads the DeleteOptions of a request, whose apiVersion is the
// internal one (observed). The server reads them from the body if there is one,
// else from the query. Source: apiserver pkg/endpoints/handlers/delete.go.
func (r *record) readOptions(ev *auditv1.Event) {
	if body := ev.RequestObject; body != nil && isObject(body.Raw) {
		opts := decode[metav1.DeleteOptions](body)
		r.grace = opts.GracePeriodSeconds
		r.dryRun = DryRunNo
		if len(opts.DryRun) > 0 {
			r.dryRun = DryRunYes
		}
		if p := opts.Preconditions; p != nil && p.UID != nil {
			r.uid = cmp.Or(r.uid, string(*p.UID))
		}
		return
	}
	query := queryOf(ev.RequestURI)
	if n, err := strconv.ParseInt(query.Get("gracePeriodSeconds"), 10, 64); err == nil {
		r.grace = &n
	}
	if r.dryRun == DryRunNo && !hadNoBody(ev) {
		r.dryRun = DryRunUnknown
	}
}

// hadNoBody reports whether the request had no body: the log would have it. A
// service that finds a body too large may put a text in its place.
func hadNoBody(ev *auditv1.Event) bool {
	logged := ev.Level == auditv1.LevelRequest || ev.Level == auditv1.LevelRequestResponse
	return logged && ev.RequestObject == nil && ev.Annotations["audit.k8s.io/truncated"] != "true"
}

// dryRunByQuery says whether the query of a request asks for a dry run. All
// verbs but delete and the creation of an eviction have no other way to ask for
// one. Source: CreateOptions, UpdateOptions and PatchOptions of apimachinery
// pkg/apis/meta/v1/types.go, which are read from the query.
func dryRunByQuery(requestURI string) DryRun {
	if slices.Contains(queryOf(requestURI)["dryRun"], metav1.DryRunAll) {
		return DryRunYes
	}
	return DryRunNo
}

func queryOf(requestURI string) url.Values {
	_, query, _ := strings.Cut(requestURI, "?")
	if query == "" {
		return nil
	}
	values, _ := url.ParseQuery(query) // of a bad query it gives the good part
	return values
}

// addPod keeps what the event shows of a pod, completed by the path of the
// request and by who sent it. A pod of which it shows no more than the name is
// left out.
func (r *record) addPod(pod podState) {
	if !pod.says() && r.kubelet() == "" {
		return
	}
	pod.namespace = cmp.Or(pod.namespace, r.namespace)
	pod.name = cmp.Or(pod.name, r.name)
	pod.node = cmp.Or(pod.node, r.kubelet())
	r.pods = append(r.pods, pod)
}

// kubelet returns the name of the node whose kubelet made the request; empty if
// it was no kubelet. The admission plugin NodeRestriction lets a kubelet change
// and delete pods of its own node only. Source:
// https://kubernetes.io/docs/reference/access-authn-authz/node/.
func (r *record) kubelet() string {
	a := &r.request.Actor
	node, ok := strings.CutPrefix(a.User, kubeletPrefix)
	if !ok || a.Impersonated != "" || !slices.Contains(a.Groups, "system:nodes") {
		return ""
	}
	return node
}

// decode reads what is needed of a body. One that is missing, is a text or does
// not have the types that the server takes says nothing: the zero T.
func decode[T any](body *runtime.Unknown) T {
	var v, none T
	if body == nil || !isObject(body.Raw) || json.Unmarshal(body.Raw, &v) != nil {
		return none
	}
	return v
}

// isObject reports whether a JSON text is an object.
func isObject(raw []byte) bool { return firstByte(raw) == '{' }

// firstByte returns the first byte of a JSON text that is no blank.
func firstByte(raw []byte) byte {
	for _, c := range raw {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}
