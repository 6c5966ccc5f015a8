package portal

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
)

// maxBody is the largest request body read, in bytes; 413 above it. HubSpot's own
// limit is not documented; a full batch of full contacts stays far below.
const maxBody = 16 << 20

// maxURL is the most bytes of a path with its query; 414 above it. HubSpot's guide
// names no number: somewhat above 16,200 was measured. The body is not documented
// either and is a page here, as everything that HubSpot's edge refuses.
const maxURL = 16_000

// call is one request on its way through the portal.
type call struct {
	portal      *Portal
	catalog     *catalog
	request     *http.Request
	route       *route
	values      map[string]string // of the pattern's names
	query       url.Values
	body        []byte
	now         time.Time
	correlation string
	location    string // of what the request created, "" for none
	links       counted
}

// ServeHTTP answers one request of the API, as HubSpot would over a network: a
// bearer token is required, whatever it says unless Config.Token is set.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.serve(w, r, false) }

// serve answers one request. An in-process client needs no token when the portal
// asks for none in particular.
func (p *Portal) serve(w http.ResponseWriter, r *http.Request, inside bool) {
	if !p.wait(r) {
		return
	}
	if len(r.URL.RequestURI()) > maxURL {
		writePage(w, http.StatusRequestURITooLong)
		return
	}
	found, values, status := match(p.routes, r.Method, r.URL.EscapedPath())
	if found != nil {
		p.counts.add(found.label(values))
	}
	carryOut := func(w http.ResponseWriter, r *http.Request) {
		if found == nil {
			writePage(w, status)
			return
		}
		p.carryOut(w, r, found, values, inside)
	}
	if fault, met := p.faults.Load().meets(r, found, values); met {
		p.misbehave(w, r, fault, carryOut)
		return
	}
	carryOut(w, r)
}

// carryOut runs the operation that a request asks for, if it may.
func (p *Portal) carryOut(w http.ResponseWriter, r *http.Request, found *route, values map[string]string, inside bool) {
	c := &call{
		portal: p, catalog: p.catalog.Load(), request: r, route: found, values: values,
		now: time.Now().UTC().Truncate(time.Millisecond), correlation: p.correlation(),
	}
	if refused := p.authorise(r, inside); refused != nil {
		c.write(w, answer{refused.status, refused})
		return
	}
	granted := p.limiter.admit(c.now, found.bucket)
	granted.headers(w.Header(), found.bucket)
	if granted.policy != "" {
		c.write(w, c.limited(w.Header(), granted.policy, granted.wait))
		return
	}
	given, err := c.answer(w)
	if err != nil {
		given = c.failed(err)
	}
	c.write(w, given)
}

// answer reads the body and runs the route.
func (c *call) answer(w http.ResponseWriter) (answer, error) {
	var err error
	if c.query, err = url.ParseQuery(c.request.URL.RawQuery); err != nil {
		return answer{}, invalid("The query string is malformed")
	}
	c.body, err = io.ReadAll(http.MaxBytesReader(w, c.request.Body, maxBody))
	if tooLarge, ok := asError[*http.MaxBytesError](err); ok {
		return answer{}, refuse(http.StatusRequestEntityTooLarge, categoryValidation, fmt.Sprintf("The request body is larger than %d bytes", tooLarge.Limit))
	}
	if err != nil {
		return answer{}, invalid("The request body could not be read")
	}
	if len(c.body) > 0 && writes(c.request.Method) && !isJSON(c.request.Header.Get("Content-Type")) {
		return answer{status: http.StatusUnsupportedMediaType}, nil
	}
	return c.run()
}

// writes reports whether a method's body is read.
func writes(method string) bool {
	return method == http.MethodPost || method == http.MethodPatch || method == http.MethodPut
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}

// failed turns an error into an answer: refusals as they are, anything else as a
// 500 that says what the portal itself could not do.
func (c *call) failed(err error) answer {
	if refused, ok := asError[*refusal](err); ok {
		return answer{refused.status, refused}
	}
	return answer{http.StatusInternalServerError, refuse(http.StatusInternalServerError, "INTERNAL_ERROR", "The local portal could not use its database: "+err.Error())}
}

func (c *call) write(w http.ResponseWriter, a answer) {
	w.Header().Set("X-HubSpot-Correlation-Id", c.correlation)
	if c.location != "" {
		w.Header().Set("Location", c.location)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	if refused, ok := a.body.(*refusal); ok {
		body := refused.body
		body.CorrelationID = c.correlation
		a.body = body
	}
	writeText(w, a.status, typeJSON, marshal(a.body))
}

const typeJSON = "application/json;charset=utf-8"

func writeText(w http.ResponseWriter, status int, contentType string, text []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // #nosec G705 -- JSON, or a page that nothing of the request stands in; a client that left is not the portal's problem
}

// writePage answers what is no operation: HTML, as HubSpot's own edge does.
func writePage(w http.ResponseWriter, status int) {
	page := fmt.Sprintf("<html>\n<head><title>Error %d %s</title></head>\n<body><h2>HTTP ERROR %d</h2></body>\n</html>\n", status, http.StatusText(status), status)
	w.Header().Set("Content-Type", "text/html;charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, page) // #nosec G705 -- nothing of the request stands in it
}

// wait adds the configured latency; false when the client left meanwhile.
func (p *Portal) wait(r *http.Request) bool {
	if p.config.Latency <= 0 {
		return true
	}
	timer := time.NewTimer(p.config.Latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// correlation makes up the next request's id in the form of a UUID.
func (p *Portal) correlation() string {
	hash := fnv.New128a()
	_, _ = hash.Write(binary.LittleEndian.AppendUint64([]byte(p.AccountID()), p.requests.Add(1))) // never fails
	id := hash.Sum(nil)
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// enforces reports whether the request came by the paths of 2026-09 or later, which
// enforce what an administrator asks of records that people create.
func (c *call) enforces() bool { return c.values["version"] == version202609 }

// objectType is the record type that a part of the path names.
func (c *call) objectType(name string) (crm.ObjectType, error) {
	objectType, ok := c.catalog.parse(c.values[name])
	if !ok || !c.catalog.serves(objectType) {
		return "", unknownType(c.values[name])
	}
	return objectType, nil
}

// created answers with what a request created under the request's own path.
func (c *call) created(name string, body any) answer {
	c.location = apiHost + c.request.URL.EscapedPath() + "/" + url.PathEscape(name)
	return answer{http.StatusCreated, body}
}

// list reads a query parameter that may be repeated or separated by commas.
func (c *call) list(name string) []string {
	var items []string
	for _, value := range c.query[name] {
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
	}
	return items
}

// archived reports whether the query asks for archived records.
func (c *call) archived() bool { return strings.EqualFold(c.query.Get("archived"), "true") }

// page reads limit and after: the size of a page and the id it starts at.
func (c *call) page(standard, most int) (limit int, after int64, err error) {
	limit = standard
	if text := c.query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > most {
			return 0, 0, invalid("The limit must be a number from 1 to %d, not %q", most, text)
		}
	}
	after, err = cursor(c.query.Get("after"))
	return limit, after, err
}

// cursor reads an after, which is the id that a page starts at; "" is the first
// page.
func cursor(text string) (after int64, err error) {
	if text == "" {
		return 0, nil
	}
	if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
		return 0, invalid("The paging cursor %q is not one that this endpoint gave", text)
	}
	return after, nil
}
