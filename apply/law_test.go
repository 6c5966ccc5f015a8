package apply_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// lawFeatures must each occur in at least one case of a hundred, where there are enough
// cases to tell; nine in ten of them must occur in however few.
var lawFeatures = []string{
	// portals
	"automatic changes", "dated paths", "custom stages", "merged contacts", "former owner",
	// files
	"defaults", "prune", "own guards", "own limits", "exact", "exact_strict", "skip-invalid",
	"id alone", "id gives address", "take_email", "also", "by secondary address", "archived already", "rename from nowhere",
	"owner", "create_only", "fill_only", "additive", "remove", "ignore", "lifecycle allow_backward", "lifecycle exact", "unique value", "refused value",
	"company by id", "company by domain", "deal", "ticket", "note", "custom object", "colleague", "missing: skip", "ambiguous target",
	"labels: [Primary]", "labels: [Primary, Decision maker]", "ensure: absent", "type: {category: USER_DEFINED, type_id: 30}",
	// plans
	"planned", "refused", "empty plan", "over a limit",
	"planned create", "planned update", "planned archive", "planned rename", "planned backward stage", "planned clear", "planned fill", "planned overwrite",
	"planned link", "planned link removed", "planned label", "planned primary move", "planned link between new contacts",
	"pruned", "reported", "protected", "young", "associated", "recreated", "opted out touched",
}

// Whatever a portal holds and whatever files ask of it: what is applied is what was
// planned, and nothing else; what no file names stays; and a plan made afterwards is
// empty.
func TestLawsOfApply(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes a hundred portals")
	}
	cases, seen := 0, make(map[string]int)
	rapid.Check(t, func(rt *rapid.T) {
		c := newLawCase(rt, func(config portal.Config) *bench { return newBench(t, config, nil) })
		c.fill()
		c.obey()
		cases++
		for feature, drawn := range c.drawn {
			if drawn {
				seen[feature]++
			}
		}
	})
	missing := 0
	for _, feature := range lawFeatures {
		if seen[feature] == 0 {
			missing++
		}
		if seen[feature]*100 < cases && cases >= 1000 {
			t.Errorf("%q occurred in %d of %d cases", feature, seen[feature], cases)
		}
	}
	if missing*10 > len(lawFeatures) {
		t.Errorf("%d of %d features occurred in none of %d cases", missing, len(lawFeatures), cases)
	}
}

// obey plans and applies drawn files, and holds the outcome against the laws.
func (c *lawCase) obey() {
	project, desired := c.files()
	doc := c.load(project, desired)
	options := plan.Options{Whole: true, Now: c.clock.Add(time.Minute), SkipInvalid: c.errs && c.chance("skip-invalid")}
	before := c.state()
	p, described, first := c.plan(doc, options)
	if p == nil {
		c.drawn["refused"] = true
		if !first.HasErrors() {
			c.t.Fatalf("no plan, and no error\n%s", desired)
		}
		return
	}
	c.drawn["planned"] = true
	c.note(p)
	c.limited(p, before)
	result, err := apply.Run(c.bench.t.Context(), c.bench.remote, p, apply.Options{ReadAt: time.Now()})
	if err != nil || !result.Complete() && !c.overtaken(p, result) {
		c.t.Fatalf("applying: %v\n%s\n%s\n%s", err, resultText(p, result), project, desired)
	}
	if err == nil && !result.Complete() {
		return
	}
	after := c.state()
	if broken := c.broken(lawful{doc, p, described, before, after}); len(broken) > 0 {
		c.t.Fatalf("%s\n%s\n%s", strings.Join(broken, "\n"), project, desired)
	}
	again, described, list := c.plan(doc, options)
	if again == nil {
		c.t.Fatalf("the second plan is refused: %v\n%s\n%s", list, project, desired)
	}
	if !again.Empty() && !cured(p, again) && !c.unprotected(again, before, after) {
		c.t.Fatalf("the second plan is not empty:\n%s\nthe first:\n%s\n%v\n%s\n%s", planText(c.bench.t, again, described), planText(c.bench.t, p, described), first, project, desired)
	}
}

// cured reports whether a second plan is only about contacts that the first one left
// out for errors of their own: what it did to others may have cured these.
func cured(first, again *plan.Plan) bool {
	touched := make(map[crm.ObjectID]bool)
	for _, change := range first.Changes {
		touched[change.ID] = true
	}
	return first.Counts.LeftOut > 0 && !slices.ContainsFunc(again.Changes, func(change plan.Change) bool { return touched[change.ID] })
}

// unprotected reports whether a second plan only archives contacts whose stage the portal
// moved by itself, past those that protect from prune.
func (c *lawCase) unprotected(again *plan.Plan, before, after lawState) bool {
	return c.automatic && !slices.ContainsFunc(again.Changes, func(change plan.Change) bool {
		was, is := before.live[string(change.ID)], after.live[string(change.ID)]
		return !change.Pruned() || was.properties["lifecyclestage"] == is.properties["lifecyclestage"]
	})
}

// overtaken reports whether the portal moved the stage of a contact by itself after it
// was planned to be pruned: that contact is then left alone, and nothing else may be.
func (c *lawCase) overtaken(p *plan.Plan, result *apply.Result) bool {
	for i, entry := range result.Entries {
		if entry.Outcome != apply.Applied && (entry.Outcome != apply.Stale || !p.Changes[i].Pruned()) {
			return false
		}
	}
	c.drawn["overtaken"] = true
	return c.automatic
}

func (c *lawCase) load(project, desired string) *spec.Document {
	settings, wrong := spec.LoadProject(text("contactsync.yaml", []byte(project)), func(string) (string, bool) { return "", false })
	doc, found := spec.Load([]spec.Source{text("crm/all.yaml", []byte(desired))})
	wrong = slices.Concat(wrong, found, doc.Adopt(settings))
	if wrong.HasErrors() {
		c.t.Fatalf("the files cannot be read: %v\n%s\n%s", wrong, project, desired)
	}
	return doc
}

// plan reads the portal and plans; nil when an error refuses the plan.
func (c *lawCase) plan(doc *spec.Document, options plan.Options) (*plan.Plan, *crm.Portal, diag.List) {
	ctx, reader := c.bench.t.Context(), c.bench.remote.Reader
	described, err := snapshot.Portal(ctx, reader, doc)
	if err != nil {
		c.t.Fatalf("reading the portal: %v", err)
	}
	planner := plan.New(doc, described, options)
	if err := readFor(ctx, planner, reader, doc, described); err != nil {
		c.t.Fatalf("reading contacts: %v", err)
	}
	p, list := planner.Plan()
	return p, described, list
}

// limited applies a plan over its limits, which must be refused before any write, and
// lifts the limits.
func (c *lawCase) limited(p *plan.Plan, before lawState) {
	if excess := p.Exceeded(plan.Allowances{}); len(excess) > 0 {
		c.drawn["over a limit"] = true
		result, err := apply.Run(c.bench.t.Context(), c.bench.remote, p, apply.Options{ReadAt: time.Now()})
		if limit := new(apply.LimitError); result != nil || !errors.As(err, &limit) {
			c.t.Fatalf("a plan over its limits was not refused: %v", err)
		}
		if diff := cmp.Diff(before, c.state(), cmp.AllowUnexported(lawState{}, lawContact{})); diff != "" {
			c.t.Fatalf("a refused plan changed the portal:\n%s", diff)
		}
	}
	allow(p)
}

// note notes what a plan does.
func (c *lawCase) note(p *plan.Plan) {
	c.drawn["empty plan"] = c.drawn["empty plan"] || p.Empty()
	kinds := make(map[string]int)
	count(kinds, p)
	for kind, feature := range map[string]string{
		"create": "planned create", "update": "planned update", "archive": "planned archive", "rename": "planned rename",
		"backward stage": "planned backward stage", "link removed": "planned link removed", "label": "planned label",
		"link between new contacts": "planned link between new contacts",
	} {
		c.drawn[feature] = c.drawn[feature] || kinds[kind] > 0
	}
	means := p.Consequences()
	for feature, n := range map[string]int{
		"planned clear": means.Cleared, "planned fill": means.Filled, "planned overwrite": means.Overwritten,
		"planned link": p.Summary().Associate, "pruned": p.Summary().Pruned, "recreated": means.Recreated, "opted out touched": means.OptedOut,
	} {
		c.drawn[feature] = c.drawn[feature] || n > 0
	}
	for _, stray := range p.Strays {
		c.drawn[stray.Standing.String()] = true
	}
	for _, change := range p.Changes {
		for _, link := range change.Associations {
			c.drawn["planned primary move"] = c.drawn["planned primary move"] || link.PrimaryFrom.ID != ""
		}
	}
}

// lawful is an apply that has been: what was asked, what was planned, what was there
// and what is there.
type lawful struct {
	doc           *spec.Document
	plan          *plan.Plan
	described     *crm.Portal
	before, after lawState
}

// broken says which laws an apply broke.
func (c *lawCase) broken(l lawful) []string {
	var broken []string
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	changes := make(map[string]*plan.Change)
	created := make(map[string]*plan.Change)
	for i := range l.plan.Changes {
		change := &l.plan.Changes[i]
		if change.Action == plan.Create {
			created[string(change.Email)] = change
		} else {
			changes[string(change.ID)] = change
		}
	}
	for _, id := range slices.Sorted(maps.Keys(l.before.live)) {
		old, now := l.before.live[id], l.after.live[id]
		change := changes[id]
		_, lives := l.after.live[id]
		switch {
		case !lives:
			l.gone(say, id, &old, change)
		case change != nil && change.Action == plan.Archive:
			say("contact %s was to be archived and lives", id)
		default:
			c.sameValues(say, &l, id, &old, &now, change)
			c.sameLinks(say, &l, id, &old, &now, change)
		}
	}
	holders := make(map[string]string)
	for _, id := range slices.Sorted(maps.Keys(l.after.live)) {
		now := l.after.live[id]
		if _, old := l.before.live[id]; !old {
			if created[now.properties["email"]] == nil {
				say("contact %s (%s) is new, and no change creates it", id, now.properties["email"])
			}
			delete(created, now.properties["email"])
		}
		for _, address := range now.addresses() {
			if other, held := holders[address]; held {
				say("the contacts %s and %s have the address %s", other, id, address)
			}
			holders[address] = id
		}
	}
	for email := range created {
		say("%s was to be created and is not there", email)
	}
	for id := range l.before.binned {
		if !l.after.binned[id] {
			say("contact %s left the recycle bin", id)
		}
	}
	return broken
}

// gone judges an archive by what the files say, whatever the plan says.
func (l *lawful) gone(say func(string, ...any), id string, old *lawContact, change *plan.Change) {
	if change == nil || change.Action != plan.Archive {
		say("contact %s is gone, and no change archives it", id)
		return
	}
	if !l.after.binned[id] {
		say("contact %s is gone, and not in the recycle bin", id)
	}
	if declared := declares(l.doc, id, old); len(declared) > 0 {
		asks := func(c spec.Contact) bool {
			return c.Ensure == spec.Archived && string(c.Email) == old.properties["email"]
		}
		if !slices.ContainsFunc(declared, asks) {
			say("contact %s was archived, and is declared as %s", id, declared[0].Key())
		}
		return
	}
	settings := l.doc.Settings()
	values := old.values()
	protected := slices.ContainsFunc(settings.Protect, func(c spec.Condition) bool { return c.Holds(values, l.described.Properties) })
	young := settings.PruneMinAge > 0 && !strings.HasPrefix(old.properties["createdate"], "2019-")
	if settings.Prune != spec.PruneArchive || !settings.Scope.Holds(values, l.described.Properties) || protected || young {
		say("contact %s was archived: prune %v, protected %v, young %v, %v", id, settings.Prune, protected, young, old.properties)
	}
}

func (c lawContact) values() crm.Properties {
	var values []crm.Value
	for name, text := range c.properties {
		values = append(values, crm.Value{Name: name, Text: text})
	}
	return crm.NewProperties(values...)
}

// sameValues judges the values of a contact that stays.
func (c *lawCase) sameValues(say func(string, ...any), l *lawful, id string, old, now *lawContact, change *plan.Change) {
	declared := declares(l.doc, id, old)
	names := maps.Clone(old.properties)
	maps.Copy(names, now.properties)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		was, is := old.properties[name], now.properties[name]
		if was == is || name == "lifecyclestage" && c.automatic && c.further(was, is) {
			continue
		}
		switch {
		case change == nil:
			say("%s of contact %s became %q from %q, and no change is about it", name, id, is, was)
			continue
		case name == "hs_additional_emails" && change.From != "":
			continue // a rename may take the address from these, or leave the old one there
		}
		at := slices.IndexFunc(change.Properties, func(p plan.PropertyChange) bool { return p.Name == name })
		def := l.described.Properties[name]
		switch {
		case at < 0:
			say("%s of contact %s became %q from %q, and its change does not say so", name, id, is, was)
		case !def.Equal(change.Properties[at].After, is):
			say("%s of contact %s became %q, and its change says %q", name, id, is, change.Properties[at].After)
		case len(declared) == 0:
			say("%s of contact %s became %q from %q, and no file names the contact", name, id, is, was)
		case !slices.ContainsFunc(declared, func(d spec.Contact) bool { return mayWrite(&d, name, was) }):
			say("%s of contact %s became %q from %q, and %s does not ask for it", name, id, is, was, declared[0].Key())
		}
	}
	if change == nil {
		return
	}
	for _, p := range change.Properties {
		def := l.described.Properties[p.Name]
		if is := now.properties[p.Name]; !def.Equal(p.After, is) && (p.Name != "lifecyclestage" || !c.automatic) {
			say("%s of contact %s was to become %q and is %q", p.Name, id, p.After, is)
		}
	}
}

// further reports whether a stage lies behind another in the portal's order.
func (c *lawCase) further(was, is string) bool {
	return slices.Index(c.stages, is) > slices.Index(c.stages, was)
}

// mayWrite reports whether a contact's lines let a property of a live contact be
// written that has a value already.
func mayWrite(declared *spec.Contact, name, was string) bool {
	switch {
	case declared.Ensure == spec.Archived:
		return false
	case name == "email":
		return declared.TakeEmail || len(declared.PreviousEmails) > 0 || declared.ID != "" && was == ""
	case name == "hubspot_owner_id" && declared.Owner != "":
		return true
	}
	return slices.ContainsFunc(declared.Properties, func(p spec.Property) bool {
		return p.Name == name && p.Mode != spec.CreateOnly && (p.Mode != spec.FillOnly || was == "")
	})
}

// sameLinks judges the associations of a contact that stays.
func (c *lawCase) sameLinks(say func(string, ...any), l *lawful, id string, old, now *lawContact, change *plan.Change) {
	pairs := maps.Clone(old.links)
	maps.Copy(pairs, now.links)
	for _, to := range slices.Sorted(maps.Keys(pairs)) {
		was, is := c.lasting(to, old.links[to]), c.lasting(to, now.links[to])
		if slices.Equal(was, is) {
			continue
		}
		kind, other, _ := strings.Cut(to, "/")
		if kind == "contacts" && l.otherSide(id, other) {
			continue
		}
		planned, said := l.planned(change, to)
		switch {
		case !said:
			say("%s of contact %s became %v from %v, and no change says so", to, id, is, was)
		case !slices.Equal(c.lasting(to, planned), is):
			say("%s of contact %s became %v, and its change says %v", to, id, is, planned)
		}
	}
	if change == nil {
		return
	}
	for i := range change.Associations {
		link := &change.Associations[i]
		if link.To.ID == "" {
			continue
		}
		to := link.To.Type.Plural() + "/" + string(link.To.ID)
		if is := c.lasting(to, now.links[to]); !slices.Equal(c.lasting(to, typeTexts(link.After)), is) && link.To.Type != crm.TypeContact {
			say("%s of contact %s was to become %v and is %v", to, id, typeTexts(link.After), is)
		}
	}
}

const primaryCompany = "HUBSPOT_DEFINED 1"

// lasting are the types of a pair that the portal does not give and take by itself:
// with automatic changes the first company of a contact becomes its primary one.
func (c *lawCase) lasting(to string, types []string) []string {
	if !c.automatic || !strings.HasPrefix(to, "companies/") {
		return types
	}
	return slices.DeleteFunc(slices.Clone(types), func(one string) bool { return one == primaryCompany })
}

// planned is what the change of a contact makes of a pair, and whether it says so:
// the record that gives the primary type away is said by the one that takes it.
func (l *lawful) planned(change *plan.Change, to string) ([]string, bool) {
	if change == nil {
		return nil, false
	}
	for i := range change.Associations {
		link := &change.Associations[i]
		if link.To.Type.Plural()+"/"+string(link.To.ID) == to {
			return typeTexts(link.After), true
		}
	}
	for i := range change.Associations {
		link := &change.Associations[i]
		if link.PrimaryFrom.ID == "" || link.PrimaryFrom.Type.Plural()+"/"+string(link.PrimaryFrom.ID) != to {
			continue
		}
		kept := slices.Clone(l.before.live[string(change.ID)].links[to])
		return slices.DeleteFunc(kept, func(one string) bool { return one == primaryCompany }), true
	}
	return nil, false
}

// otherSide reports whether a change of the contact, or of one it is associated with,
// says that their association changes, or that one of them goes or comes.
func (l *lawful) otherSide(id, other string) bool {
	_, lives := l.after.live[other]
	_, lived := l.before.live[other]
	if !lives || !lived {
		return true
	}
	for i := range l.plan.Changes {
		change := &l.plan.Changes[i]
		for k := range change.Associations {
			to := &change.Associations[k].To
			pair := [2]string{string(change.ID), string(to.ID)}
			if to.Type == crm.TypeContact && (pair == [2]string{id, other} || pair == [2]string{other, id}) {
				return true
			}
		}
	}
	return false
}

func typeTexts(types []crm.AssociationType) []string {
	texts := make([]string, 0, len(types))
	for _, one := range types {
		texts = append(texts, fmt.Sprintf("%s %d", one.Category, one.TypeID))
	}
	slices.Sort(texts)
	return texts
}
