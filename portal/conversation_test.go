package portal_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// A conversation is a txtar file of requests to one new portal and the answers
// that they must get, byte for byte. Its comment tells where the answers come
// from; a line of it that begins with "portal:" configures the portal.
//
//	-- POST /crm/v3/objects/contacts as ada --
//	{"properties":{"email":"ada@example.com"}}
//	-- 201 --
//	{"id":"$ada","properties":{…
//
// A request without an answer must succeed, and is there for those after it. The
// id in the answer of a request "as ada" is $ada from then on. Other ids stand as
// ID, times as TIME and random ids as UUID. <<101 x>> is x,x,x… a hundred and one
// times. Both a request and an answer may begin with header fields; those of an
// answer are the ones that matter to it. An answer of "?" is for -update to fill.
type conversation struct {
	name      string
	archive   *txtar.Archive
	portal    *portal.Portal
	ids       map[string]string // name by id
	exchanges []exchange
	version   string // "" = the paths that the file has
}

// exchange is one request with its answer, and where they stand in the archive.
type exchange struct {
	method, path, as string
	header           [][2]string
	body             string
	answerAt         int // -1 = none
	asked            string
	reply            reply
}

// changing are the parts of a body that differ from run to run.
var changing = []struct {
	form *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`), "TIME"},
	{regexp.MustCompile(`:\d{13}\b`), ":TIME"},
	{regexp.MustCompile(`\b\d{11}\b`), "ID"},
}

func normalise(body string) string {
	for _, c := range changing {
		body = c.form.ReplaceAllString(body, c.word)
	}
	return body
}

func readConversation(t *testing.T, name string) *conversation {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := &conversation{name: name, archive: archive, ids: make(map[string]string)}
	for i, file := range archive.Files {
		if _, err := strconv.Atoi(file.Name); err == nil || file.Name == "?" {
			if len(c.exchanges) == 0 || c.exchanges[len(c.exchanges)-1].answerAt >= 0 {
				t.Fatalf("%s: the answer %s follows no request", name, file.Name)
			}
			c.exchanges[len(c.exchanges)-1].answerAt = i
			continue
		}
		request, as, _ := strings.Cut(file.Name, " as ")
		method, path, ok := strings.Cut(request, " ")
		if !ok {
			t.Fatalf("%s: %q is neither a request nor a status", name, file.Name)
		}
		header, body := splitHeader(string(file.Data))
		c.exchanges = append(c.exchanges, exchange{method: method, path: path, as: as, header: header, body: body, answerAt: -1})
	}
	c.portal = portaltest.New(t, configured(t, string(archive.Comment)))
	if strings.Contains(string(archive.Comment), "fixture=small") {
		if err := c.portal.Fill(t.Context(), smallPortal()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

var headerField = regexp.MustCompile(`^([A-Za-z][A-Za-z-]*): (.*)\n`)

// splitHeader cuts the header fields from the beginning of a section.
func splitHeader(section string) (header [][2]string, body string) {
	for {
		match := headerField.FindStringSubmatch(section)
		if match == nil {
			return header, strings.TrimSuffix(section, "\n")
		}
		header = append(header, [2]string{match[1], match[2]})
		section = strings.TrimPrefix(section[len(match[0]):], "\n")
	}
}

// configured reads the portal: line of a conversation's comment.
func configured(t *testing.T, comment string) portal.Config {
	t.Helper()
	config := portal.Config{AccountID: "891936587", Rulings: portal.Rulings{}}
	for line := range strings.Lines(comment) {
		settings, ok := strings.CutPrefix(line, "portal:")
		if !ok {
			continue
		}
		for setting := range strings.FieldsSeq(settings) {
			name, value, _ := strings.Cut(setting, "=")
			var err error
			switch name {
			case "token":
				config.Token = value
			case "limits":
				config.Limits, err = portal.ParseTier(value)
			case "daily":
				config.Daily, err = strconv.Atoi(value)
			case "fixture": // filled by the caller
			case "scopes":
				config.Scopes = strings.Split(value, ",")
			case "required":
				config.RequiredOnCreate = strings.Split(value, ",")
			case "when": // when=lifecyclestage:customer:phone
				parts := strings.Split(value, ":")
				config.RequiredWhen = append(config.RequiredWhen, portal.Requirement{Where: parts[0], Is: parts[1], Property: parts[2]})
			default:
				err = config.Rulings.ParseRuling(setting)
			}
			if err != nil {
				t.Fatalf("%q: %v", setting, err)
			}
		}
	}
	return config
}

// run holds the conversation.
func (c *conversation) run(t *testing.T) {
	t.Helper()
	for i := range c.exchanges {
		e := &c.exchanges[i]
		before := c.portal.Requests()
		e.reply = c.ask(t, e)
		for label := range c.portal.Requests().Since(before) {
			e.asked = label
		}
		demandLaws(t, e.method+" "+e.path, e.reply)
		if e.as != "" {
			var object struct{ ID string }
			if err := json.Unmarshal([]byte(e.reply.Body), &object); err != nil || object.ID == "" {
				t.Fatalf("%s: %s %s answered no id: %s", c.name, e.method, e.path, e.reply.Body)
			}
			c.ids[object.ID] = e.as
		}
		if e.answerAt < 0 {
			if e.reply.Status >= 300 {
				t.Fatalf("%s: %s %s answered %d: %s", c.name, e.method, e.path, e.reply.Status, e.reply.Body)
			}
			continue
		}
		c.compare(t, e)
	}
	if *update && c.version == "" {
		if err := os.WriteFile(c.name, txtar.Format(c.archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// compare holds an answer against its section, or rewrites the section.
func (c *conversation) compare(t *testing.T, e *exchange) {
	t.Helper()
	section := &c.archive.Files[e.answerAt]
	header, _ := splitHeader(string(section.Data))
	var got strings.Builder
	for _, field := range header {
		fmt.Fprintf(&got, "%s: %s\n", field[0], strings.Join(e.reply.Header.Values(field[0]), ", "))
	}
	reply := strings.ReplaceAll(e.reply.Body, pathOf(c.target(e)), pathOf(c.expand(e.path))) // links repeat the path
	if body := strings.TrimSuffix(c.normalise(reply), "\n"); body != "" {
		got.WriteString(body + "\n")
	}
	status := strconv.Itoa(e.reply.Status)
	if c.version != "" && strings.HasPrefix(section.Name, "2") && strings.HasPrefix(status, "2") {
		if status != section.Name && slices.Contains([]string{status, section.Name}, "204") {
			return // what is empty in one version may have an envelope in another
		}
		status = section.Name // which success it is differs
	}
	if *update && c.version == "" {
		section.Name, section.Data = status, []byte(got.String())
		return
	}
	if diff := cmp.Diff(section.Name+"\n"+string(section.Data), status+"\n"+got.String()); diff != "" {
		t.Errorf("%s: %s %s (-want +got):\n%s", c.name, e.method, e.path, diff)
	}
}

func (c *conversation) normalise(body string) string {
	for id, name := range c.ids {
		body = regexp.MustCompile(`\b`+id+`\b`).ReplaceAllString(body, "$$"+name)
	}
	return normalise(body)
}

var repeated = regexp.MustCompile(`<<(\d+) (.*?)>>`)

// expand puts ids for names and repeats what is to be repeated.
func (c *conversation) expand(text string) string {
	text = repeated.ReplaceAllStringFunc(text, func(whole string) string {
		match := repeated.FindStringSubmatch(whole)
		times, err := strconv.Atoi(match[1])
		if err != nil {
			return whole
		}
		return strings.Join(slices.Repeat([]string{match[2]}, times), ",")
	})
	for id, name := range c.ids {
		text = regexp.MustCompile(`\$`+name+`\b`).ReplaceAllString(text, id)
	}
	return text
}

func (c *conversation) ask(t *testing.T, e *exchange) reply {
	t.Helper()
	header := map[string]string{"Content-Type": "application/json", "Authorization": "Bearer sesame"}
	for _, field := range e.header {
		header[field[0]] = field[1]
	}
	return send(t, c.portal, e.method, c.target(e), header, c.expand(e.body))
}

// target is where a request goes: its path with ids for names, in the version of
// the conversation where the operation has a path of that version.
func (c *conversation) target(e *exchange) string {
	target := c.expand(e.path)
	if c.version == "" {
		return target
	}
	path := pathOf(target)
	dated := accountPath.ReplaceAllString(crmPath.ReplaceAllString(path, "/crm/$1/"+c.version), "/account-info/"+c.version)
	if operationAt(e.method, path) != operationAt(e.method, dated) {
		return target
	}
	return dated + strings.TrimPrefix(target, path)
}

var (
	crmPath     = regexp.MustCompile(`^/crm/v[34]/([a-z-]+)`)
	accountPath = regexp.MustCompile(`^/account-info/v3`)
)

func pathOf(target string) string {
	path, _, _ := strings.Cut(target, "?")
	return path
}

// operationAt is the operation that has a path, "" where there is none.
func operationAt(method, path string) string {
	for _, o := range portal.Operations() {
		for _, pattern := range o.Patterns {
			if o.Method == method && fits(pattern, path) {
				return o.String()
			}
		}
	}
	return ""
}

func fits(pattern, path string) bool {
	names, parts := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(names) != len(parts) {
		return false
	}
	for i, name := range names {
		switch {
		case name == "{version}":
			if !slices.Contains(versions, parts[i]) {
				return false
			}
		case !strings.HasPrefix(name, "{") && name != parts[i]:
			return false
		}
	}
	return true
}

// demandLaws checks what every answer of the API obeys.
func demandLaws(t tester, request string, got reply) {
	t.Helper()
	length, kind := got.Header.Get("Content-Length"), got.Header.Get("Content-Type")
	for name := range got.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Fatalf("%s answered with %s", request, name)
		}
	}
	if got.Body != "" && length != strconv.Itoa(len(got.Body)) {
		t.Fatalf("%s answered %d bytes with Content-Length %q", request, len(got.Body), length)
	}
	if kind == "text/html;charset=utf-8" && slices.Contains([]int{404, 405, 414}, got.Status) {
		return
	}
	correlation := got.Header.Get("X-Hubspot-Correlation-Id")
	if len(correlation) != 36 {
		t.Fatalf("%s answered with the correlation id %q", request, correlation)
	}
	if got.Body == "" {
		if kind != "" {
			t.Fatalf("%s answered nothing as %q", request, kind)
		}
		return
	}
	if kind != "application/json;charset=utf-8" {
		t.Fatalf("%s answered %d as %q", request, got.Status, kind)
	}
	var body struct {
		CorrelationID *string `json:"correlationId"`
	}
	if err := json.Unmarshal([]byte(got.Body), &body); err != nil {
		t.Fatalf("%s answered %q: %v", request, got.Body, err)
	}
	if (got.Status >= 400) != (body.CorrelationID != nil) || body.CorrelationID != nil && *body.CorrelationID != correlation {
		t.Fatalf("%s answered %d with the correlation id %s in its header, but %s", request, got.Status, correlation, got.Body)
	}
}
