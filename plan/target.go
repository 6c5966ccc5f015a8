package plan

import (
	"fmt"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// target resolves the record that an association names. It returns false where
// there is none to write: the target is missing and may be, or is a problem that
// went to report.
func (j *judge) target(c *spec.Contact, a *spec.Association, others peers, report func(diag.Diagnostic)) (crm.Ref, bool) {
	ref := crm.Ref{Type: a.To.Type, ID: a.To.ID, Email: a.To.Email}
	if ref.ID != "" {
		if ref.Type == crm.TypeContact && ref.ID == c.ID {
			report(selfAssociation(c, a))
			return ref, false
		}
		return ref, true
	}
	if a.To.Email != "" {
		if a.To.Email == c.Email {
			report(selfAssociation(c, a))
			return ref, false
		}
		if other := others.of(a.To.Email); other.state != peerUndeclared {
			return j.declaredTarget(c, a, other, report)
		}
	}
	if why, refused := j.portal.Unsearched[a.To]; refused {
		report(refusal(c, diag.UnsearchedTarget, a.At,
			fmt.Sprintf("The portal does not look for a %s by %s: %s", a.To.Type, a.To.Property, why),
			"write where: with the internal name of a property that these records have, or the id"))
		return ref, false
	}
	candidates := j.portal.Targets[a.To]
	switch len(candidates) {
	case 0:
		j.missing(c, a, report)
		return ref, false
	case 1:
		ref.ID = candidates[0]
		return ref, true
	}
	ids := make([]string, len(candidates))
	for i, id := range candidates {
		ids[i] = string(id)
	}
	report(refusal(c, diag.AmbiguousTarget, a.At,
		fmt.Sprintf("%d %s have %s: %s.", len(candidates), a.To.Type.Plural(), targetText(a.To), strings.Join(ids, ", ")),
		fmt.Sprintf("write the id of the one you mean, for example id: %q", ids[0])))
	return ref, false
}

func (j *judge) declaredTarget(c *spec.Contact, a *spec.Association, other peer, report func(diag.Diagnostic)) (crm.Ref, bool) {
	switch other.state {
	case peerLive, peerCreated:
		return other.ref, true
	case peerGone:
		if !a.Absent && !a.Skip {
			report(refusal(c, diag.ArchivedTarget, a.At,
				fmt.Sprintf("%s is declared as archived, and an archived contact has no associations.", a.To.Email),
				"remove this association, or keep that contact"))
		}
	case peerLeftOut:
		if !a.Absent && !a.Skip {
			report(refusal(c, diag.NeedsLeftOut, a.At,
				fmt.Sprintf("%s is left out of this plan for errors of its own.", a.To.Email),
				"correct that contact first"))
		}
	case peerUndeclared:
	}
	return crm.Ref{}, false
}

func (j *judge) missing(c *spec.Contact, a *spec.Association, report func(diag.Diagnostic)) {
	if a.Absent {
		return
	}
	detail := fmt.Sprintf("No %s in the portal has %s. One that was made a moment ago may not be found yet.", a.To.Type, targetText(a.To))
	if a.Skip {
		report(warning(c, diag.MissingTarget, a.At, detail, "the association is left out, as missing: skip says"))
		return
	}
	hint := "create it first, or add missing: skip to leave the association out until it exists"
	if a.To.Email != "" {
		hint = "declare that contact as well, or add missing: skip"
	}
	report(refusal(c, diag.MissingTarget, a.At, detail, hint))
}

func selfAssociation(c *spec.Contact, a *spec.Association) diag.Diagnostic {
	return refusal(c, diag.AssociatedWithItself, a.At, "HubSpot does not associate a contact with itself.", "name another contact, or remove the item")
}

// targetText is how a file names a target, in words.
func targetText(t crm.Target) string {
	switch {
	case t.ID != "":
		return "the id " + string(t.ID)
	case t.Email != "":
		return "the address " + string(t.Email)
	}
	return fmt.Sprintf("%s %q", t.Property, t.Value)
}

// targetName is what reports call a record whose id says nothing.
func targetName(t crm.Target) string {
	if t.Email != "" {
		return string(t.Email)
	}
	return t.Value
}
