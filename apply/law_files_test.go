package apply_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// files draws a project file and one file of desired state. Most of what they ask for
// can be had; some of it is refused.
func (c *lawCase) files() (project, desired string) {
	project = c.project()
	var lines strings.Builder
	lines.WriteString("version: 1\n")
	if c.chance("defaults") {
		lines.WriteString("defaults:\n  properties: {x_text: by default, lifecyclestage: lead}\n  fill_only: [x_phone]\n")
	}
	subjects := rapid.Permutation(slices.Collect(seq(len(c.people)))).Draw(c.t, "order")
	subjects = subjects[:rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5}).Draw(c.t, "declared")*len(subjects)/5]
	fresh := rapid.SampledFrom([]int{2, 3, 1, 0}).Draw(c.t, "new")
	hows := make([]string, len(c.people)) // the declared are named
	for _, i := range subjects {
		hows[i] = c.pick("identity", "email", "rename", "archived", "id", "email", "id and email", "rename by also", "take_email", "secondary", "capitals")
	}
	var names []string // of contacts that others may be associated with
	for i, s := range c.people {
		stays := hows[i] != "archived" && hows[i] != "take_email"
		if s.email != "" && !s.binned && !s.merged && (stays || c.errs) {
			names = append(names, s.email)
		}
	}
	emails := make([]string, fresh)
	for i := range emails {
		emails[i] = fmt.Sprintf("n%d@%s", i, c.pick("domain", "acme.example", "navy.example", "new.example", "gmail.com"))
	}
	names = append(names, emails...)
	lines.WriteString("contacts:\n")
	for _, i := range subjects {
		if !c.people[i].merged || c.wrong("merged and declared") {
			lines.WriteString(c.known(&c.people[i], i, hows[i], names))
		}
	}
	for _, email := range emails {
		fmt.Fprintf(&lines, "  - email: %s\n", email)
		if c.seldom("rename from nowhere") {
			fmt.Fprintf(&lines, "    previous_email: was-%s\n", email)
		}
		lines.WriteString(c.body(someone{email: email}, names))
	}
	desired = lines.String()
	if strings.HasSuffix(desired, "contacts:\n") {
		desired = strings.TrimSuffix(desired, "\n") + " []\n"
	}
	return project, desired
}

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

// project draws the project file.
func (c *lawCase) project() string {
	var lines strings.Builder
	fmt.Fprintf(&lines, "version: 1\naccount: %q\nfiles: [crm/]\n", lawAccount)
	if c.scoped = c.chance("prune"); c.scoped {
		scope := c.pick("scope", "{where: [{property: managed_by, equals: ours}]}", "all", "{where: [{property: managed_by, has: true}, {property: managed_by, in: [ours, theirs]}]}")
		fmt.Fprintf(&lines, "scope: %s\nprune: %s\n", scope, c.pick("prune", "report", "archive"))
		if c.chance("own guards") {
			lines.WriteString("prune_min_age: 0d\nprotect: [{property: x_bool, equals: \"true\"}]\n")
		}
	}
	if c.chance("own limits") {
		fmt.Fprintf(&lines, "limits: {archive: %d, create: %d, update: 60%%, clear: 1, overwrite: 30%%, stage_back: 1}\n",
			rapid.IntRange(0, 3).Draw(c.t, "archive"), rapid.IntRange(0, 3).Draw(c.t, "create"))
	}
	// What a portal adds by itself, a strict policy takes out again, for ever.
	switch policy := c.pick("policy", "", "exact", "strict", "exact"); {
	case policy == "strict" && !c.automatic:
		lines.WriteString("policy: {associations: {company: exact_strict, contact: exact}, watch: [x_text]}\n")
		c.drawn["exact_strict"] = true
	case policy == "exact":
		lines.WriteString("policy: {associations: {company: exact, deal: exact, \"2-77\": exact}}\n")
		c.drawn["exact"] = true
	}
	return lines.String()
}

// known draws the lines of a contact that the portal knows.
func (c *lawCase) known(s *someone, i int, how string, names []string) string {
	var lines strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&lines, format+"\n", args...) }
	fresh := fmt.Sprintf("renamed%d@acme.example", i)
	switch {
	case s.binned && (how == "archived" || how == "id"):
		line("  - email: %s\n    ensure: archived", s.email)
		c.drawn["archived already"] = true
		return lines.String()
	case s.binned:
		line("  - email: %s", s.email)
		if !c.wrong("bin refused") {
			line("    recreate: true")
			c.drawn["recreate"] = true
		}
	case s.email == "" && how != "id":
		line("  - email: %s\n    id: %q", fresh, s.id)
		c.drawn["id gives address"] = true
	case s.email == "" || how == "id":
		line("  - id: %q", s.id)
		c.drawn["id alone"] = true
	case how == "archived":
		line("  - email: %s\n    ensure: archived", s.email)
		c.drawn["archived"] = true
		return lines.String()
	case how == "id and email":
		line("  - email: %s\n    id: %q", s.email, s.id)
	case how == "rename", how == "take_email":
		if how == "rename" {
			line("  - email: %s\n    previous_email: [%s, nobody%d@acme.example]", fresh, s.email, i)
		} else {
			line("  - email: %s\n    id: %q\n    take_email: file", fresh, s.id)
			c.drawn["take_email"] = true
		}
		if s.optedOut && !c.wrong("opted-out rename refused") {
			line("    consent_checked: true")
		}
	case how == "rename by also":
		line("  - email: %s\n    also: %s", fresh, s.email)
		c.drawn["also"] = true
	case len(s.secondary) > 0:
		line("  - email: %s", s.secondary[0])
		c.drawn["by secondary address"] = true
	case how == "capitals":
		line("  - email: %q", " "+strings.ToUpper(s.email)+" ")
	default:
		line("  - email: %s", s.email)
	}
	lines.WriteString(c.body(*s, names))
	return lines.String()
}

// body draws what a contact should be.
func (c *lawCase) body(s someone, names []string) string {
	var lines strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&lines, format+"\n", args...) }
	if rapid.Bool().Draw(c.t, "owned") {
		line("    owner: %s", c.pick("owner", "raj@acme.example", "sofia@acme.example", "RAJ@acme.example", "raj@acme.example"))
		c.drawn["owner"] = true
	}
	var properties []string
	modes := make(map[string][]string)
	for _, name := range lawNames {
		if !rapid.Bool().Draw(c.t, "names "+name) {
			continue
		}
		text := c.pick("declared "+name, lawValues[name]...)
		properties = append(properties, fmt.Sprintf("%s: %s", name, quoted(text)))
		mode := c.pick("mode", "managed", "managed", "create_only", "fill_only", "additive")
		if mode == "managed" || mode == "additive" && name != "x_colours" {
			continue
		}
		modes[mode] = append(modes[mode], name)
		c.drawn[mode] = true
	}
	if c.wrong("refused value") {
		properties = append(properties, `closedate: "the day after tomorrow"`)
	}
	if c.seldom("unique value") {
		properties = append(properties, fmt.Sprintf("x_badge: %q", "badge of "+s.email+s.id))
	}
	if rapid.Bool().Draw(c.t, "keeps ours") {
		properties = append(properties, "managed_by: ours")
	}
	if rapid.Bool().Draw(c.t, "has a stage") {
		properties = append(properties, "lifecyclestage: "+c.stage(line))
	}
	if len(properties) > 0 {
		line("    properties: {%s}", strings.Join(properties, ", "))
	}
	for _, mode := range []string{"create_only", "fill_only", "additive"} {
		if len(modes[mode]) > 0 {
			line("    %s: [%s]", mode, strings.Join(modes[mode], ", "))
		}
	}
	colours := slices.ContainsFunc(properties, func(p string) bool { return strings.HasPrefix(p, "x_colours:") })
	if !colours && c.chance("remove") {
		line("    remove: {x_colours: [%s]}", c.pick("removed", "red", "no", `"007", red`))
	}
	if c.seldom("ignore") {
		line("    ignore: [hs_lead_status]")
	}
	lines.WriteString(c.links(s, names))
	return lines.String()
}

// quoted writes a text as YAML that no reader takes for anything else.
func quoted(text string) string {
	return `"` + strings.NewReplacer("\\", `\\`, `"`, `\"`, "\n", `\n`, "\u202e", `\u202e`).Replace(text) + `"`
}

// stage draws a lifecycle stage and how it is meant. Where the portal moves stages by
// itself, it is meant as at least that stage: any other may not last.
func (c *lawCase) stage(line func(string, ...any)) string {
	meant := c.pick("lifecycle", "at_least", "allow_backward", "exact", "allow_backward")
	if !c.automatic && meant != "at_least" {
		line("    lifecycle: %s", meant)
		c.drawn["lifecycle "+meant] = true
	}
	return quoted(c.pick("declared stage", c.stages...))
}

// links draws associations.
func (c *lawCase) links(s someone, names []string) string {
	var lines strings.Builder
	primary := false
	add := func(feature, target string, labels ...string) {
		if c.automatic && (s.id == "" || s.binned) && strings.HasPrefix(feature, "company") {
			labels = slices.DeleteFunc(labels, func(label string) bool { return label == "ensure: absent" }) // it may be added again
		}
		if !c.chance(feature) {
			return
		}
		said := c.pick("labels", append([]string{""}, labels...)...)
		if strings.Contains(said, "Primary") && primary {
			said = ""
		}
		primary = primary || strings.Contains(said, "Primary")
		if said != "" {
			c.drawn[said] = true
			said = ", " + said
		}
		fmt.Fprintf(&lines, "      - {%s%s}\n", target, said)
	}
	add("company by id", `to: company, id: "9001"`, "labels: [Billing]", "labels: [Primary, Decision maker]", "ensure: absent", "type: {category: USER_DEFINED, type_id: 30}")
	add("company by domain", `to: company, domain: navy.example`, "labels: [Primary]", "labels: [Primary]", "labels: [Decision maker]", "ensure: absent")
	add("deal", `to: deal, where: {property: dealname, equals: Engine}`, "labels: [Sponsor]", "ensure: absent")
	add("ticket", `to: ticket, id: "6001"`)
	add("note", `to: note, id: "8001"`, "ensure: absent")
	add("custom object", `to: "2-77", where: {property: serial, equals: S1}`, "ensure: absent")
	if c.seldom("missing: skip") {
		lines.WriteString("      - {to: company, domain: nowhere.example, missing: skip}\n")
	}
	if c.wrong("ambiguous target") {
		lines.WriteString("      - {to: company, domain: twin.example}\n")
	}
	others := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == s.email })
	if len(others) > 0 {
		add("colleague", "to: contact, email: "+c.pick("colleague", others...), append([]string{"labels: [Colleague]"}, map[bool][]string{true: {"ensure: absent"}}[c.errs]...)...)
	}
	if lines.Len() == 0 {
		return ""
	}
	return "    associations:\n" + lines.String()
}

// declares finds the declared contacts that a live one may be, as the format says it:
// by its id, or by any address that leads to it. Of several all but one are refused.
func declares(doc *spec.Document, id string, live *lawContact) []spec.Contact {
	var found []spec.Contact
	addresses := live.addresses()
	merged := crm.SplitSet(live.properties["hs_merged_object_ids"])
	for _, contact := range doc.All() {
		all := slices.Concat([]crm.Email{contact.Email}, contact.PreviousEmails, contact.Also)
		named := slices.ContainsFunc(all, func(e crm.Email) bool { return slices.Contains(addresses, string(e)) })
		if named || string(contact.ID) == id || slices.Contains(merged, string(contact.ID)) {
			found = append(found, contact)
		}
	}
	return found
}
