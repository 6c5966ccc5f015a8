package plan_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

// today is what the tests reckon ages to.
var today = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// whole are the options of a plan of all files of a project.
func whole() plan.Options { return plan.Options{Whole: true, Now: today} }

const ownedSlice = `version: 1
scope:
  where: [{property: company, equals: ours}]
prune: archive
`

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// projectOf is a document with the settings of a project file.
func projectOf(t fataler, settings string, declared []spec.Contact) *spec.Document {
	t.Helper()
	project, problems := spec.LoadProject(spec.Source{
		Name: "contactsync.yaml",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(settings)), nil },
	}, func(string) (string, bool) { return "", false })
	doc := spec.NewDocument(declared)
	if problems = append(problems, doc.Adopt(project)...); problems.HasErrors() {
		t.Fatalf("the project file: %v", problems)
	}
	return doc
}

// prunePortal is the test portal with what the guards of prune look at.
func prunePortal() *crm.Portal {
	portal := testPortal()
	portal.Kind = crm.LocalKind
	for _, p := range []crm.Property{
		{Name: "num_associated_deals", Type: "number", FieldType: "number", ReadOnly: true},
		{Name: "phone", Type: "string", FieldType: "phonenumber"},
	} {
		portal.Properties[p.Name] = p
	}
	return portal
}

// ours is a live contact in scope, a year old.
func ours(id crm.ObjectID, email crm.Email, values ...string) crm.Contact {
	c := found(id, email, append([]string{"company", "ours", "createdate", "2025-11-26T00:00:00.000Z"}, values...)...)
	c.Former = []crm.Email{email}
	return c
}

// feed gives a planner what reading a portal gives: contacts that are named, ids of
// those in scope, and the candidates as they were read just now.
func feed(planner *plan.Planner, doc *spec.Document, portal *crm.Portal, live []crm.Contact) {
	planner.Add(live...)
	scope := doc.Settings().Scope
	for i := range live {
		if !live[i].Archived && scope.Holds(live[i].Properties, portal.Properties) {
			planner.AddScope(live[i].ID)
		}
	}
	candidates := planner.Candidates()
	for i := range live {
		if slices.Contains(candidates, live[i].ID) {
			planner.AddCandidates(live[i])
		}
	}
}

func pruneOf(t *testing.T, settings string, options plan.Options, portal *crm.Portal, declared []spec.Contact, live ...crm.Contact) string {
	t.Helper()
	doc := projectOf(t, settings, declared)
	planner := plan.New(doc, portal, options)
	feed(planner, doc, portal, live)
	p, problems := planner.Plan()
	var out strings.Builder
	for _, d := range problems {
		fmt.Fprintf(&out, "%s %s %s:%d:%d %s Hint: %s.\n", d.Severity, d.Code, d.At.File, d.At.Line, d.At.Column, d.Detail, d.Hint)
	}
	if p == nil {
		return out.String()
	}
	for _, c := range p.Changes {
		fmt.Fprintf(&out, "%s %s %s", c.Action.Symbol(), c.Email, c.ID)
		if c.Pruned() {
			fmt.Fprintf(&out, " %s:%d:%d %s %v", c.At.File, c.At.Line, c.At.Column, c.Reasons, c.Expect)
		}
		out.WriteByte('\n')
	}
	for _, s := range p.Strays {
		fmt.Fprintf(&out, "= %s %s %s: %s\n", s.Standing, s.Email, s.ID, s.Text)
	}
	if s := p.Summary(); s.Pruned+s.Reported+s.Spared != p.Counts.Undeclared {
		t.Errorf("%d undeclared contacts, and the summary is %+v", p.Counts.Undeclared, s)
	}
	return out.String()
}

func TestPrune(t *testing.T) {
	t.Parallel()
	ada := declare("ada@example.com")
	liveAda := ours("1", "ada@example.com")
	deals := ours("9", "", "num_associated_deals", "2")
	moved := ours("5", "kim@new.example")
	moved.Former = []crm.Email{"kim@new.example", "kim@example.com"}
	nameless := ours("6", "")
	nameless.Former = []crm.Email{"kim@example.com"}
	friendly := declare("ada@example.com")
	friendly.Associations = []spec.Association{toContact("friend@example.com")}
	friendly.Associations[0].At.File, friendly.Associations[0].At.Line = "a.yaml", 30
	estranged := declare("ada@example.com")
	estranged.Associations = []spec.Association{toContact("friend@example.com")}
	estranged.Associations[0].Absent = true
	archived := declare("ada@example.com")
	archived.Ensure = spec.Archived
	merged := ours("7", "max@example.com")
	merged.Asked = []string{"ada@example.com"}
	for name, test := range map[string]struct {
		settings string // default: ownedSlice
		options  func(*plan.Options)
		hubspot  bool
		declared []spec.Contact // default: ada
		live     []crm.Contact
		want     string
	}{
		"a contact that no file names is archived": {
			live: []crm.Contact{liveAda, ours("2", "lee@example.com"), found("3", "theirs@example.com", "company", "theirs")},
			want: "- lee@example.com 2 contactsync.yaml:4:8 [{pruned no file names it; scope: company = ours}] [{company ours} {email lee@example.com} {lifecyclestage } {num_associated_deals }]\n",
		},
		"one that is merely reported": {
			settings: "version: 1\nscope: all\nprune: report\n", hubspot: true,
			live: []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want: "= reported lee@example.com 2: no file names it; prune: archive would archive it\n",
		},
		"prune: keep looks at nobody": {
			settings: "version: 1\nscope: all\n",
			live:     []crm.Contact{liveAda, ours("2", "lee@example.com")},
		},
		"one that was merged with a declared one": {live: []crm.Contact{merged}},
		"a customer": {
			live: []crm.Contact{liveAda, ours("2", "lee@example.com", "lifecyclestage", "Customer"), deals},
			want: `warning CS2309 contactsync.yaml:4:8 1 contact in scope that no file names is left alone: lifecyclestage is customer or evangelist. Hint: name them in the files, or archive them with ensure: archived.
warning CS2309 contactsync.yaml:4:8 1 contact in scope that no file names is left alone: num_associated_deals has a value. Hint: name them in the files, or archive them with ensure: archived.
= protected  9: protected: num_associated_deals has a value
= protected lee@example.com 2: protected: lifecyclestage is customer or evangelist
`,
		},
		"one that the project protects": {
			settings: ownedSlice + "protect: [{property: jobtitle, in: [CEO, CTO]}]\n",
			live:     []crm.Contact{liveAda, ours("2", "lee@example.com", "jobtitle", "CTO"), ours("3", "max@example.com", "jobtitle", "CEO")},
			want: `warning CS2309 contactsync.yaml:5:11 2 contacts in scope that no file names are left alone: jobtitle is CEO or CTO. Hint: name them in the files, or archive them with ensure: archived.
= protected lee@example.com 2: protected: jobtitle is CEO or CTO
= protected max@example.com 3: protected: jobtitle is CEO or CTO
`,
		},
		"one that is too young": {
			live: []crm.Contact{
				liveAda, ours("2", "lee@example.com", "createdate", "2026-10-27T12:00:00Z"),
				ours("3", "max@example.com", "createdate", "2026-10-27T12:00:00.001Z"), ours("4", "zoe@example.com", "createdate", "yesterday"),
			},
			want: `warning CS2310 contactsync.yaml:4:8 2 contacts in scope that no file names are left alone: not known to be older than 30d (prune_min_age). Hint: name them in the files, or wait.
- lee@example.com 2 contactsync.yaml:4:8 [{pruned no file names it; scope: company = ours}] [{company ours} {email lee@example.com} {lifecyclestage } {num_associated_deals }]
= young max@example.com 3: created on 2026-10-27, and prune_min_age is 30d
= young zoe@example.com 4: when it was created is not known
`,
		},
		"nobody tells the time": {
			settings: ownedSlice + "prune_min_age: 36h\n",
			options:  func(o *plan.Options) { o.Now = time.Time{} },
			live:     []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want: `warning CS2310 contactsync.yaml:4:8 1 contact in scope that no file names is left alone: not known to be older than 36h (prune_min_age). Hint: name them in the files, or wait.
= young lee@example.com 2: created on 2025-11-26, and prune_min_age is 36h
`,
		},
		"age does not matter": {
			settings: ownedSlice + "prune_min_age: 0d\nprotect: [{property: jobtitle, equals: CEO}]\n",
			live:     []crm.Contact{liveAda, ours("2", "lee@example.com", "createdate", "")},
			want:     "- lee@example.com 2 contactsync.yaml:4:8 [{pruned no file names it; scope: company = ours}] [{company ours} {email lee@example.com} {jobtitle }]\n",
		},
		"one that was renamed in HubSpot, while its old address would be created": {
			declared: []spec.Contact{ada, declare("kim@example.com")},
			live:     []crm.Contact{liveAda, moved},
			want:     "error CS2307 a.yaml:15:5 Contact 5 (kim@new.example) had the address kim@example.com before, and this plan would create kim@example.com anew: one person would have two records. Hint: declare it under the address it has now, or add previous_email: kim@new.example to give it this one.\n",
		},
		"one without an address by now": {
			declared: []spec.Contact{ada, declare("kim@example.com")},
			live:     []crm.Contact{liveAda, nameless},
			want:     "error CS2307 a.yaml:15:5 Contact 6 had the address kim@example.com before, and this plan would create kim@example.com anew: one person would have two records. Hint: if it is the same person, add id: \"6\".\n",
		},
		"one whose old address went to another contact": {
			declared: []spec.Contact{ada, declare("kim@example.com")},
			live:     []crm.Contact{liveAda, moved, ours("8", "kim@example.com")},
			want: `warning CS2307 a.yaml:15:5 Contact 5 (kim@new.example) had the address kim@example.com before. It is left alone: a rename is no reason to archive. Hint: declare it as well, or archive it with ensure: archived.
= renamed kim@new.example 5: it had the address kim@example.com, which is declared: a rename, and nobody to archive
`,
		},
		"a rename that is only reported": {
			settings: "version: 1\nscope: all\nprune: report\n",
			declared: []spec.Contact{ada, declare("kim@example.com")},
			live:     []crm.Contact{liveAda, moved},
			want: `warning CS2307 a.yaml:15:5 Contact 5 (kim@new.example) had the address kim@example.com before. It is left alone: a rename is no reason to archive. Hint: declare it as well, or archive it with ensure: archived.
+ kim@example.com 
= renamed kim@new.example 5: it had the address kim@example.com, which is declared: a rename, and nobody to archive
`,
		},
		"one that looks like a new one": {
			declared: []spec.Contact{ada, declare("max@new.example", "firstname", "Max", "lastname", "Born", "phone", "+49 551 1")},
			live:     []crm.Contact{liveAda, ours("2", "max@example.com", "firstname", "max", "lastname", "BORN", "phone", "495511")},
			want:     "error CS2308 a.yaml:15:5 This plan would create max@new.example and archive contact 2 (max@example.com), which no file names. Both have the same name and the same phone number, or none. Hint: if they are one person, add previous_email: max@example.com; if not, declare that one with ensure: archived.\n",
		},
		"one that has only its first name in common": {
			declared: []spec.Contact{ada, declare("max@new.example", "firstname", "Max")},
			live:     []crm.Contact{liveAda, ours("2", "max@example.com", "firstname", "Max")},
			want: `- max@example.com 2 contactsync.yaml:4:8 [{pruned no file names it; scope: company = ours}] [{company ours} {email max@example.com} {lifecyclestage } {num_associated_deals }]
+ max@new.example 
`,
		},
		"one that a declared contact knows": {
			declared: []spec.Contact{friendly},
			live:     []crm.Contact{withLink(liveAda), ours("777", "friend@example.com")},
			want: `warning CS2311 a.yaml:30:0 Contact 777 (friend@example.com) is in scope, and no file names it but this association. It is left alone. Hint: declare that contact as well.
= associated friend@example.com 777: a declared association leads to it
`,
		},
		"one that a declared contact is to know no more": {
			declared: []spec.Contact{estranged},
			live:     []crm.Contact{liveAda, ours("777", "friend@example.com")},
			want:     "- friend@example.com 777 contactsync.yaml:4:8 [{pruned no file names it; scope: company = ours}] [{company ours} {email friend@example.com} {lifecyclestage } {num_associated_deals }]\n",
		},
		"nobody is desired": {
			declared: []spec.Contact{archived},
			live:     []crm.Contact{liveAda},
			want:     "error CS2305 contactsync.yaml:4:8 The files ask for no contact at all, so every contact in scope would be one that no file names. Hint: restore the files, or remove prune.\n",
		},
		"everything, on HubSpot": {
			settings: "version: 1\nscope: all\nprune: archive\n", hubspot: true,
			live: []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want: "error CS2304 contactsync.yaml:3:8 With scope: all, every contact of the account that no file names would be archived. Hint: narrow the scope with where, or write prune: report.\n",
		},
		"everything, on a local portal": {
			settings: "version: 1\nscope: all\nprune: archive\n",
			live:     []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want:     "- lee@example.com 2 contactsync.yaml:3:8 [{pruned no file names it; scope: all}] [{email lee@example.com} {lifecyclestage } {num_associated_deals }]\n",
		},
		"a scope of an unknown property": {
			settings: "version: 1\nscope:\n  where: [{property: compani, equals: ours}]\nprune: archive\n",
			live:     []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want:     "error CS2306 contactsync.yaml:3:11 The portal has no contact property \"compani\", so no contact could meet this condition. Hint: did you mean \"company\"?.\n",
		},
		"half of the files": {
			options: func(o *plan.Options) { o.Whole = false },
			live:    []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want:    "warning CS2303 contactsync.yaml:4:8 Contacts that no file names are left alone: these files are not known to be all files of the project. Hint: run without files, --target, --only and --skip-invalid to prune.\n",
		},
		"some contacts": {
			options: func(o *plan.Options) { o.Targets = []string{"*"} },
			live:    []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want:    "warning CS2303 contactsync.yaml:4:8 Contacts that no file names are left alone: the plan is narrowed to some contacts or some kinds of change. Hint: run without files, --target, --only and --skip-invalid to prune.\n",
		},
		"archives only": {
			options: func(o *plan.Options) { o.Only = []plan.Part{plan.PartArchive} },
			live:    []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want:    "warning CS2303 contactsync.yaml:4:8 Contacts that no file names are left alone: the plan is narrowed to some contacts or some kinds of change. Hint: run without files, --target, --only and --skip-invalid to prune.\n",
		},
		"valid contacts only": {
			options: func(o *plan.Options) { o.SkipInvalid = true },
			live:    []crm.Contact{liveAda, ours("2", "lee@example.com")},
			want:    "warning CS2303 contactsync.yaml:4:8 Contacts that no file names are left alone: the plan leaves invalid contacts out, and a live one could be one of them. Hint: run without files, --target, --only and --skip-invalid to prune.\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options, portal := whole(), prunePortal()
			if test.options != nil {
				test.options(&options)
			}
			if test.hubspot {
				portal.Kind = "STANDARD"
			}
			if test.settings == "" {
				test.settings = ownedSlice
			}
			if test.declared == nil {
				test.declared = []spec.Contact{ada}
			}
			got := pruneOf(t, test.settings, options, portal, test.declared, test.live...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// withLink is a contact that knows friend@example.com already.
func withLink(c crm.Contact) crm.Contact {
	c.Associations = []crm.Association{{To: crm.Ref{Type: crm.TypeContact, ID: "777"}, Types: []crm.AssociationType{knows}}}
	return c
}

// Search tells whom to look at, and no more: whoever has left the scope, or bears a
// declared name by now, or was not read again, is left alone.
func TestCandidatesAreJudgedByWhatWasReadOfThem(t *testing.T) {
	t.Parallel()
	byID := declare("")
	byID.ID, byID.Ensure = "6", spec.Archived
	doc, portal := projectOf(t, ownedSlice, []spec.Contact{declare("ada@example.com"), declare("zoe@example.com"), byID}), prunePortal()
	planner := plan.New(doc, portal, whole())
	planner.Add(ours("1", "ada@example.com"), ours("9", "zoe@example.com"))
	planner.AddScope("2", "10", "1", "3", "4", "9", "5", "6")
	if diff := cmp.Diff([]crm.ObjectID{"2", "3", "4", "5", "6", "10"}, planner.Candidates()); diff != "" {
		t.Fatalf("candidates (-want +got):\n%s", diff)
	}
	now := ours("4", "kim@example.com")
	now.Additional = []crm.Email{"zoe@example.com"}
	gone := ours("5", "max@example.com")
	gone.Archived = true
	planner.AddCandidates(ours("2", "lee@example.com"), found("3", "theirs@example.com", "company", "theirs"), now, gone, ours("6", "back@example.com"),
		ours("1", "ada@example.com"), ours("77", "uninvited@example.com"))
	p, problems := planner.Plan()
	if p == nil {
		t.Fatalf("no plan: %v", problems)
	}
	if diff := cmp.Diff([]string{"- lee@example.com #2 (pruned)"}, outline(p)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	want := []plan.Stray{
		{Standing: plan.StrayRenamed, Email: "back@example.com", ID: "6", Text: "it goes by a name that is declared"},
		{Standing: plan.StrayRenamed, Email: "kim@example.com", ID: "4", Text: "it had the address zoe@example.com, which is declared: a rename, and nobody to archive"},
	}
	if diff := cmp.Diff(want, p.Strays); diff != "" || p.Counts.Undeclared != 3 {
		t.Errorf("%d undeclared, strays (-want +got):\n%s", p.Counts.Undeclared, diff)
	}
}

// Limits that are a percent are one of all live contacts in scope, named or not, and
// every archive counts against them.
func TestPruneCountsAgainstTheLimitOfArchives(t *testing.T) {
	t.Parallel()
	gone := declare("gone@example.com")
	gone.Ensure = spec.Archived
	declared, live := []spec.Contact{gone}, []crm.Contact{ours("1", "gone@example.com")}
	for i := range 19 {
		email := crm.Email(fmt.Sprintf("p%d@example.com", i))
		if i < 15 {
			declared = append(declared, declare(email))
		}
		live = append(live, ours(crm.ObjectID(fmt.Sprint(10+i)), email))
	}
	doc, portal := projectOf(t, ownedSlice+"limits: {archive: 20%}\n", declared), prunePortal()
	planner := plan.New(doc, portal, whole())
	feed(planner, doc, portal, live)
	p, problems := planner.Plan()
	if p == nil {
		t.Fatalf("no plan: %v", problems)
	}
	if s := p.Summary(); s.Archive != 5 || s.Pruned != 4 || p.Limits.Archive != 4 {
		t.Errorf("summary %+v, limit %d", s, p.Limits.Archive)
	}
	want := []plan.Excess{{Limit: "archive", Planned: 5, Allowed: 4, Flag: "--allow-archive 5"}}
	if diff := cmp.Diff(want, p.Exceeded(plan.Allowances{Archive: new(4)})); diff != "" {
		t.Errorf("exceeded (-want +got):\n%s", diff)
	}
	if over := p.Exceeded(plan.Allowances{Archive: new(5)}); len(over) > 0 {
		t.Errorf("allowed, and still %+v", over)
	}
}

// What no file names is archived by prune, with its guards, or not at all.
func TestDocumentLeavesOutWhatNoFileNames(t *testing.T) {
	t.Parallel()
	gone := declare("gone@example.com")
	gone.Ensure = spec.Archived
	doc, portal := projectOf(t, ownedSlice, []spec.Contact{declare("ada@example.com"), gone}), prunePortal()
	planner := plan.New(doc, portal, whole())
	feed(planner, doc, portal, []crm.Contact{ours("1", "ada@example.com"), ours("2", "lee@example.com"), ours("3", "gone@example.com")})
	p, _ := planner.Plan()
	if diff := cmp.Diff([]string{"- gone@example.com #3", "- lee@example.com #2 (pruned)"}, outline(p)); diff != "" {
		t.Fatalf("plan (-want +got):\n%s", diff)
	}
	again := p.Document()
	if again.Len() != 1 || again.Contact(0).Email != "gone@example.com" {
		t.Errorf("%d contacts, %+v", again.Len(), again.Contact(0))
	}
}
