package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/schema"
)

var (
	scenarioKeys  = []string{"version", "seed", "faults"}
	faultItemKeys = []string{"match", "fault"}
	faultKeys     = []string{"kind", "phase", "for", "pause", "bytes", "status", "body", "text", "policy", "retry_after", "scopes"}
	faultMethods  = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	limitPolicies = []string{"TEN_SECONDLY_ROLLING", "SECONDLY", "DAILY"}
)

const (
	beforeCommit = "before"
	afterCommit  = "after_commit"
)

// faultShape says what goes with a kind of fault.
type faultShape struct {
	required []string
	optional []string // phase among them where there is a choice
	after    bool     // the only phase of a kind without a choice
}

var faultShapes = map[crm.FaultKind]faultShape{
	crm.FaultDelay:         {required: []string{"for"}, optional: []string{"phase"}},
	crm.FaultStall:         {optional: []string{"phase"}},
	crm.FaultStatus:        {required: []string{"status"}, optional: []string{"phase", "body"}},
	crm.FaultDrop:          {optional: []string{"phase"}},
	crm.FaultCut:           {required: []string{"bytes"}, after: true},
	crm.FaultDrip:          {required: []string{"bytes", "pause"}, after: true},
	crm.FaultPage:          {optional: []string{"phase", "status"}},
	crm.FaultWrongJSON:     {optional: []string{"phase", "text"}},
	crm.FaultLocked:        {},
	crm.FaultRateLimit:     {required: []string{"policy"}, optional: []string{"retry_after"}},
	crm.FaultMigrating:     {required: []string{"retry_after"}},
	crm.FaultUnauthorized:  {},
	crm.FaultMissingScopes: {required: []string{"scopes"}},
}

// faultsReader gathers a scenario.
type faultsReader struct {
	*reader
	scenario crm.Scenario
}

// LoadFaults reads what is to go wrong on a local portal.
//
// The scenario is never nil; when the list has errors it is not what the file says.
func LoadFaults(source Source) (*crm.Scenario, diag.List) {
	var list diag.List
	f := &faultsReader{}
	if f.reader = open(source, maxFileSize, &list); f.reader != nil {
		f.read()
	}
	list.Sort()
	return &f.scenario, list
}

func (f *faultsReader) read() {
	fields, root := f.single()
	if root == nil {
		return
	}
	for _, one := range fields {
		switch one.key {
		case "version":
		case "seed":
			f.scenario.Seed = uint64(f.whole(one, 0, maxWhole)) // #nosec G115 -- not negative
		case "faults":
			items, _ := f.items(one, "faults")
			for _, one := range items {
				f.item(one)
			}
		default:
			f.unknown(diag.UnknownFaultKey, one, scenarioKeys)
		}
	}
	f.require(field{value: root, site: root}, fields, scenarioKeys, []string{"faults"})
	if f.errors == 0 {
		f.net(schema.Faults, root, schema.Value(root))
	}
}

func (f *faultsReader) item(at field) {
	fields, ok := f.fields(at)
	if !ok {
		return
	}
	var fault crm.Fault
	for _, one := range fields {
		switch one.key {
		case "match":
			fault.Match = f.match(one)
		case "fault":
			f.fault(one, &fault)
		default:
			f.unknown(diag.UnknownFaultKey, one, faultItemKeys)
		}
	}
	f.require(at, fields, faultItemKeys, []string{"fault"})
	f.scenario.Faults = append(f.scenario.Faults, fault)
}

// fault reads what goes wrong. What a kind needs is told only where the kind is known.
func (f *faultsReader) fault(at field, fault *crm.Fault) {
	fields, ok := f.fields(at)
	if !ok {
		return
	}
	for _, one := range fields {
		if one.key == "kind" {
			fault.Kind = f.kind(one)
		}
	}
	shape, known := faultShapes[fault.Kind]
	fault.AfterCommit = shape.after
	unsaid(fault)
	for _, one := range fields {
		switch {
		case one.key == "kind":
		case !slices.Contains(faultKeys, one.key):
			f.unknown(diag.UnknownFaultKey, one, faultKeys)
		case !known || slices.Contains(shape.required, one.key) || slices.Contains(shape.optional, one.key):
			f.detail(one, fault)
		case one.key == "phase":
			f.report(diag.FaultPhase, f.at(one), fmt.Sprintf("A fault of the kind %s happens %s the request is carried out; it has no other phase.", fault.Kind, onlyPhase(shape)), "remove the line")
		default:
			f.report(diag.FaultKeyForeign, f.file.at(one.name), foreignDetail(one.key, fault.Kind, shape), "remove the line, or correct the kind")
		}
	}
	f.require(at, fields, faultKeys, []string{"kind"})
	for _, key := range shape.required {
		if !misspelt(fields, faultKeys) && !has(fields, key) {
			f.report(diag.MissingKey, f.at(at), fmt.Sprintf("A fault of the kind %s needs %q.", fault.Kind, key), "add "+key+":")
		}
	}
}

func onlyPhase(shape faultShape) string {
	if shape.after {
		return "after"
	}
	return "before"
}

func foreignDetail(key string, kind crm.FaultKind, shape faultShape) string {
	own := slices.Concat(shape.required, shape.optional)
	if len(own) == 0 {
		return fmt.Sprintf("%q means nothing for the kind %s, which has no keys of its own.", key, kind)
	}
	return fmt.Sprintf("%q means nothing for the kind %s, whose keys are %s.", key, kind, strings.Join(own, ", "))
}

// unsaid gives a kind what it has when no line says otherwise.
func unsaid(fault *crm.Fault) {
	switch fault.Kind { //nolint:exhaustive // the other kinds have nothing to choose
	case crm.FaultPage:
		fault.Status = 200
	case crm.FaultWrongJSON:
		fault.Text = `{"results":"none"}`
	}
}

func (f *faultsReader) kind(one field) crm.FaultKind {
	kinds := crm.FaultKinds()
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = string(kind)
	}
	word, _ := f.word(one, words...)
	return crm.FaultKind(word)
}

func (f *faultsReader) detail(one field, fault *crm.Fault) {
	switch one.key {
	case "phase":
		word, _ := f.word(one, beforeCommit, afterCommit)
		fault.AfterCommit = word == afterCommit
	case "for":
		fault.For = f.time(one)
	case "pause":
		fault.Pause = f.time(one)
	case "bytes":
		least := 0
		if fault.Kind == crm.FaultDrip {
			least = 1
		}
		fault.Bytes = f.whole(one, least, maxWhole)
	case "status":
		fault.Status = f.status(one, fault.Kind)
	case "body":
		word, _ := f.word(one, "json", "html")
		fault.HTML = word == "html"
	case "text":
		fault.Text, _ = f.text(one)
	case "policy":
		fault.Policy, _ = f.word(one, limitPolicies...)
	case "retry_after":
		fault.RetryAfter = f.whole(one, 1, maxRetryAfter)
	case "scopes":
		fault.Scopes = f.scopes(one)
	}
}

func (f *faultsReader) scopes(list field) []string {
	items, _ := f.items(list, "scopes")
	var scopes []string
	for _, one := range items {
		text, ok := f.text(one)
		if ok && text == "" {
			f.report(diag.MissingValue, f.at(one), "The scope is empty.", "write it as HubSpot does: crm.objects.contacts.write")
		}
		scopes = append(scopes, text)
	}
	return scopes
}

// status reads an error status, or 200 for a page, which proxies also send with
// success.
func (f *faultsReader) status(one field, kind crm.FaultKind) int {
	if kind == crm.FaultPage && one.value.Value == "200" {
		return f.whole(one, 200, 200)
	}
	return f.whole(one, 400, 599)
}

const (
	maxWhole      = 1<<31 - 1
	maxRetryAfter = 24 * 60 * 60 // seconds: as long as HubSpot says that a migration may last
)

// whole reads a whole number of a range.
func (f *faultsReader) whole(one field, least, most int) int {
	text, ok := f.text(one)
	if !ok {
		return 0
	}
	number, err := strconv.ParseUint(text, 10, 31)
	if err != nil || one.value.Tag != "!!int" || text != strconv.FormatUint(number, 10) || int(number) < least || int(number) > most { // #nosec G115 -- 31 bits
		f.report(diag.FaultNumber, f.at(one), fmt.Sprintf("%q takes a whole number from %d to %d, without quotes.", one.key, least, most), "")
		return 0
	}
	return int(number) // #nosec G115 -- 31 bits
}

// faultTime is narrower than time.ParseDuration, so that the schema can say the same.
var faultTime = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)

// time reads a length of time above zero.
func (f *faultsReader) time(one field) time.Duration {
	text, ok := f.text(one)
	if !ok {
		return 0
	}
	length, err := time.ParseDuration(text)
	if err != nil || !faultTime.MatchString(text) || length <= 0 {
		f.report(diag.FaultTime, f.at(one), fmt.Sprintf("%q takes a length of time above zero, in ms, s, m or h.", one.key), "write, for example, 3s")
		return 0
	}
	return length
}
