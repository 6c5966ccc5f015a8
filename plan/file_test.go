package plan_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
)

const filesDigest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// fullPlan has every member that a plan can have.
func fullPlan() *plan.Plan {
	return &plan.Plan{
		Portal: "12345678", Files: filesDigest,
		Limits: plan.Limits{Archive: 1, Create: 1000, Update: 10000, Clear: 100, Overwrite: plan.NoLimit},
		Watch:  []string{"hubspot_owner_id", "lifecyclestage"},
		Counts: plan.Counts{Declared: 5, Found: 3, Unchanged: 1, Undeclared: 3},
		Changes: []plan.Change{
			{
				Action: plan.Update, ID: "17",
				Properties: []plan.PropertyChange{{Name: "firstname", After: "Ana <b>\u2028\x1b[31m", Origin: plan.OriginDefaults}},
			},
			{
				Action: plan.Update, Email: "ada@example.com", From: "al@example.com", ID: "151",
				Properties: []plan.PropertyChange{
					{Name: "email", Before: "AL@example.com", After: "ada@example.com", Origin: plan.OriginRename},
					{Name: "hubspot_owner_id", Before: "7", After: "71", Origin: plan.OriginOwner},
					{Name: "lifecyclestage", Before: "customer", After: "lead", Origin: plan.OriginContact, Backward: true},
				},
				Associations: []plan.AssociationChange{
					{To: crm.Ref{Type: crm.TypeCompany, ID: "9001"}, Name: "navy.example", Before: []crm.AssociationType{unlabeled}, After: []crm.AssociationType{primary, unlabeled}, PrimaryFrom: crm.Ref{Type: crm.TypeCompany, ID: "9002"}},
					{To: crm.Ref{Type: crm.TypeCompany, ID: "9003"}, Before: []crm.AssociationType{unlabeled}},
					{To: crm.Ref{Type: crm.TypeContact, Email: "new@example.com"}, Name: "new@example.com", After: []crm.AssociationType{knows}},
				},
				Live:    plan.Live{Name: "Ada Lovelace", LastModified: "2026-10-02T08:00:00Z", OptedOut: true, Deals: 2},
				At:      diag.Range{File: "crm/sales.yaml", Line: 5, Column: 12, EndColumn: 27},
				Reasons: []plan.Reason{{Code: "consent-checked", Text: "the old address had opted out"}},
			},
			{Action: plan.Archive, Email: "lee@oldco.example", ID: "3", At: diag.Range{File: "crm/sales.yaml", Line: 31, Column: 5, EndColumn: 22}},
			{
				Action: plan.Archive, Email: "max@oldco.example", ID: "4", At: diag.Range{File: "contactsync.yaml", Line: 9, Column: 8, EndColumn: 15},
				Live:    plan.Live{Name: "Max Moran"},
				Expect:  []crm.Value{{Name: "email", Text: "Max@oldco.example"}, {Name: "lifecyclestage"}, {Name: "managed_by", Text: "contactsync"}},
				Reasons: []plan.Reason{{Code: "pruned", Text: "no file names it; scope: managed_by = contactsync"}},
			},
			{Action: plan.Create, Email: "new@example.com", Properties: []plan.PropertyChange{{Name: "event_tags", After: "a;b", Origin: plan.OriginRule}}},
		},
		Strays: []plan.Stray{
			{Standing: plan.StrayYoung, ID: "18", Text: "when it was created is not known"},
			{Standing: plan.StrayProtected, Email: "kim@example.com", ID: "12", Live: plan.Live{Name: "Kim Lee", Deals: 1}, Text: "protected: num_associated_deals has a value"},
		},
	}
}

func encoded(t *testing.T, p *plan.Plan) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := p.Encode(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestEncodeIsStable(t *testing.T) {
	t.Parallel()
	p := fullPlan()
	p.Changes, p.Strays, p.Counts.Undeclared = p.Changes[2:3], p.Strays[1:], 1
	want := `{"format":"contactsync.plan","version":1,"portal":"12345678","files":"` + filesDigest + `","limits":{"archive":1,"create":1000,"update":10000,"clear":100,"overwrite":-1,"stage_back":0},"watch":["hubspot_owner_id","lifecyclestage"],"crc":"CRC"}
{"action":"archive","email":"lee@oldco.example","id":"3","at":{"file":"crm/sales.yaml","line":31,"column":5,"end_column":22},"crc":"CRC"}
{"standing":"protected","email":"kim@example.com","id":"12","live":{"name":"Kim Lee","deals":1},"text":"protected: num_associated_deals has a value","crc":"CRC"}
{"counts":{"declared":5,"found":3,"unchanged":1,"left_out":0,"undeclared":1},"digest":"` + p.Digest() + `","crc":"CRC"}
`
	got := string(encoded(t, p))
	for line := range strings.SplitSeq(strings.TrimSpace(got), "\n") {
		at := strings.LastIndex(line, `"crc":"`) + len(`"crc":"`)
		got = strings.ReplaceAll(got, line[at:at+8], "CRC")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan file (-want +got):\n%s", diff)
	}
	again, err := plan.Decode(strings.NewReader(string(encoded(t, p))))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, again); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

func TestDecodeOfEncodeIsThePlan(t *testing.T) {
	t.Parallel()
	want := fullPlan()
	got, err := plan.Decode(bytes.NewReader(encoded(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if got.Digest() != want.Digest() || want.Digest() == "" {
		t.Errorf("digest %q, want %q", got.Digest(), want.Digest())
	}
}

// Whatever single byte of a plan file is changed, taken out or put in, and
// wherever the file is cut, it is refused.
func TestDecodeRefusesEveryDamagedByte(t *testing.T) {
	t.Parallel()
	whole := encoded(t, fullPlan())
	refuse := func(file []byte, what string, at int) {
		t.Helper()
		_, err := plan.Decode(bytes.NewReader(file))
		if !errors.Is(err, plan.ErrDamaged) && !errors.Is(err, plan.ErrFormat) {
			t.Fatalf("byte %d %s: got %v, want a refusal", at, what, err)
		}
	}
	for i := range whole {
		for _, bit := range []byte{0x01, 0x20, 0x80} {
			flipped := bytes.Clone(whole)
			flipped[i] ^= bit
			refuse(flipped, "flipped", i)
		}
		refuse(append(bytes.Clone(whole[:i]), whole[i+1:]...), "taken out", i)
		refuse(append(append(bytes.Clone(whole[:i]), ' '), whole[i:]...), "put in before", i)
		refuse(whole[:i], "and all after it cut", i)
	}
	refuse(append(bytes.Clone(whole), '\n'), "put in behind", len(whole))
}

// Contacts without an address have only their ids to stand by.
func TestPlanOfContactsWithoutAddress(t *testing.T) {
	t.Parallel()
	one := fullPlan().Changes[0]
	other := one
	other.ID = "100"
	want := &plan.Plan{Portal: "12345678", Changes: []plan.Change{one, other}}
	got, err := plan.Decode(bytes.NewReader(encoded(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

// A line that says the same in other bytes is refused even with a right checksum:
// what a reviewer saw and what is read could differ.
func TestDecodeRefusesOtherSpellings(t *testing.T) {
	t.Parallel()
	whole := string(encoded(t, fullPlan()))
	for was, spelled := range map[string]string{
		`{"action":"archive"`: `{"action":"update","action":"archive"`,
		`"id":"3",`:           `"id":"3","ID":"4",`,
		`"lee@`:               `"\u006cee@`,
		`"type_id":449`:       `"type_id": 449`,
		`"deals":2`:           `"deals":2e0`,
		`"opted_out":true`:    `"opted_out":true,"unknown":1`,
	} {
		file := ""
		for line := range strings.Lines(whole) {
			at := strings.LastIndex(line, `,"crc":"`)
			body := strings.Replace(line[:at], was, spelled, 1)
			sum := crc32.Checksum([]byte(body), crc32.MakeTable(crc32.Castagnoli))
			file += fmt.Sprintf("%s,\"crc\":\"%08x\"}\n", body, sum)
		}
		if file == whole {
			t.Errorf("%s does not occur", was)
		}
		if _, err := plan.Decode(strings.NewReader(file)); !errors.Is(err, plan.ErrDamaged) {
			t.Errorf("%s: got %v, want ErrDamaged", spelled, err)
		}
	}
}

func TestDecodeRefusesMovedLines(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(string(encoded(t, fullPlan())), "\n")
	lines = lines[:len(lines)-1]
	for i := range lines {
		without := strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "")
		twice := strings.Join(lines[:i+1], "") + strings.Join(lines[i:], "")
		for _, file := range []string{without, twice} {
			if _, err := plan.Decode(strings.NewReader(file)); err == nil {
				t.Errorf("line %d left out or doubled: accepted", i+1)
			}
		}
		for k := range i {
			swapped := append([]string(nil), lines...)
			swapped[i], swapped[k] = swapped[k], swapped[i]
			if _, err := plan.Decode(strings.NewReader(strings.Join(swapped, ""))); err == nil {
				t.Errorf("lines %d and %d swapped: accepted", i+1, k+1)
			}
		}
	}
}

func TestDecodeNamesTheOtherVersion(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"":               "reading plan: not a plan that this version reads: it does not begin with the line of a plan",
		"contacts: []\n": "reading plan: line 1: not a plan that this version reads: it does not begin with the line of a plan",
		`{"format":"contactsync.plan","version":2}` + "\n": "reading plan: line 1: not a plan that this version reads: the plan has format version 2, and this version reads 1; plan again",
	} {
		_, err := plan.Decode(strings.NewReader(file))
		if !errors.Is(err, plan.ErrFormat) || err.Error() != want {
			t.Errorf("Decode(%q): %v, want %s", file, err, want)
		}
	}
	broken := errors.New("disk on fire")
	if _, err := plan.Decode(io.MultiReader(strings.NewReader(""), failing{broken})); !errors.Is(err, broken) {
		t.Errorf("a failing reader gives %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Encode refuses what Decode would refuse, so a plan that was written can be read.
func TestEncodeRefusesWhatNoPlannerMakes(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*plan.Plan){
		"no account":             func(p *plan.Plan) { p.Portal = "" },
		"a limit below none":     func(p *plan.Plan) { p.Limits.Create = -2 },
		"a bad files digest":     func(p *plan.Plan) { p.Files = "sha256:12" },
		"watch out of order":     func(p *plan.Plan) { p.Watch = []string{"b", "a"} },
		"more found than named":  func(p *plan.Plan) { p.Counts.Found = 6 },
		"changes out of order":   func(p *plan.Plan) { p.Changes[0], p.Changes[1] = p.Changes[1], p.Changes[0] },
		"one change twice":       func(p *plan.Plan) { p.Changes[3] = p.Changes[2] },
		"expects in an update":   func(p *plan.Plan) { p.Changes[0].Expect = p.Changes[3].Expect },
		"expects no address":     func(p *plan.Plan) { p.Changes[3].Expect = p.Changes[3].Expect[1:] },
		"expects out of order":   func(p *plan.Plan) { p.Changes[3].Expect[0].Name = "zip" },
		"expects invalid UTF-8":  func(p *plan.Plan) { p.Changes[3].Expect[1].Text = "\xff" },
		"strays out of order":    func(p *plan.Plan) { p.Strays[0], p.Strays[1] = p.Strays[1], p.Strays[0] },
		"a stray uncounted":      func(p *plan.Plan) { p.Strays = p.Strays[1:] },
		"no standing":            func(p *plan.Plan) { p.Strays[0].Standing = 0 },
		"a stray without id":     func(p *plan.Plan) { p.Strays[1].ID = "" },
		"a stray in capitals":    func(p *plan.Plan) { p.Strays[1].Email = "Kim@example.com" },
		"a stray beyond texts":   func(p *plan.Plan) { p.Strays[1].Text = strings.Repeat("x", 65537) },
		"no action":              func(p *plan.Plan) { p.Changes[0].Action = 0 },
		"an unknown action":      func(p *plan.Plan) { p.Changes[0].Action = 9 },
		"an address in capitals": func(p *plan.Plan) { p.Changes[2].Email = "Lee@oldco.example" },
		"an id that is a path":   func(p *plan.Plan) { p.Changes[2].ID = "../3" },
		"a create with an id":    func(p *plan.Plan) { p.Changes[4].ID = "9" },
		"an empty update":        func(p *plan.Plan) { p.Changes[0].Properties = nil },
		"an archive that writes": func(p *plan.Plan) { p.Changes[2].Properties = p.Changes[0].Properties },
		"a rename to itself":     func(p *plan.Plan) { p.Changes[1].From = p.Changes[1].Email },
		"a silent rename":        func(p *plan.Plan) { p.Changes[1].Properties[0].After = "eve@example.com" },
		"an address as a value":  func(p *plan.Plan) { p.Changes[4].Properties[0].Name = "email" },
		"nothing changes":        func(p *plan.Plan) { p.Changes[0].Properties[0].Before = p.Changes[0].Properties[0].After },
		"names out of order":     func(p *plan.Plan) { p.Changes[1].Properties[1].Name = "zip" },
		"a name with a space":    func(p *plan.Plan) { p.Changes[0].Properties[0].Name = "first name" },
		"no origin":              func(p *plan.Plan) { p.Changes[0].Properties[0].Origin = 0 },
		"a backward name":        func(p *plan.Plan) { p.Changes[1].Properties[1].Backward = true },
		"invalid UTF-8":          func(p *plan.Plan) { p.Changes[0].Properties[0].After = "\xff" },
		"a text beyond HubSpot":  func(p *plan.Plan) { p.Changes[0].Properties[0].After = strings.Repeat("x", 65537) },
		"no target":              func(p *plan.Plan) { p.Changes[1].Associations[0].To.ID = "" },
		"a strange object type":  func(p *plan.Plan) { p.Changes[1].Associations[0].To.Type = "companies/1" },
		"types out of order":     func(p *plan.Plan) { p.Changes[1].Associations[0].After = []crm.AssociationType{unlabeled, primary} },
		"a type without an id":   func(p *plan.Plan) { p.Changes[1].Associations[0].After[0].TypeID = 0 },
		"associated with itself": func(p *plan.Plan) { p.Changes[1].Associations[2].To = crm.Ref{Type: crm.TypeContact, ID: "151"} },
		"a contact nobody makes": func(p *plan.Plan) { p.Changes = p.Changes[:3] },
		"primary from nowhere":   func(p *plan.Plan) { p.Changes[1].Associations[0].PrimaryFrom.ID = "x" },
		"a reason with a space":  func(p *plan.Plan) { p.Changes[1].Reasons[0].Code = "because I" },
		"negative deals":         func(p *plan.Plan) { p.Changes[1].Live.Deals = -1 },
	} {
		p := fullPlan()
		spoil(p)
		if err := p.Encode(io.Discard); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The digest is what --expect-digest pins: it follows what is written, and
// nothing that is merely told.
func TestDigestCoversWhatIsWritten(t *testing.T) {
	t.Parallel()
	pinned := fullPlan().Digest()
	for name, test := range map[string]struct {
		change func(*plan.Plan)
		same   bool
	}{
		"positions":      {func(p *plan.Plan) { p.Changes[1].At = diag.Range{File: "b.yaml", Line: 1} }, true},
		"files":          {func(p *plan.Plan) { p.Files = "" }, true},
		"what is live":   {func(p *plan.Plan) { p.Changes[1].Live.LastModified = "2026-11-01T00:00:00Z" }, true},
		"a value":        {func(p *plan.Plan) { p.Changes[0].Properties[0].After = "Eve" }, false},
		"a before-value": {func(p *plan.Plan) { p.Changes[1].Properties[1].Before = "8" }, false},
		"the portal":     {func(p *plan.Plan) { p.Portal = "87654321" }, false},
		"a limit":        {func(p *plan.Plan) { p.Limits.Archive = 2 }, false},
		"a label":        {func(p *plan.Plan) { p.Changes[1].Associations[0].After[0].TypeID = 2 }, false},
		"one change":     {func(p *plan.Plan) { p.Changes = p.Changes[:3] }, false},
	} {
		p := fullPlan()
		test.change(p)
		if got := p.Digest() == pinned; got != test.same {
			t.Errorf("%s: same digest is %t", name, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	var out bytes.Buffer
	if err := fullPlan().Encode(&out); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte(`{"format":"contactsync.plan","version":1}` + "\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := plan.Decode(bytes.NewReader(file))
		if err != nil {
			return
		}
		if diff := cmp.Diff(string(file), string(encoded(t, p))); diff != "" {
			t.Errorf("an accepted file is not what its plan is written as (-want +got):\n%s", diff)
		}
	})
}
