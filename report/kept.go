package report

import (
	"unicode/utf8"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
)

// What an undo leaves as it is is shown below its plan: whatever somebody changed since
// the run, and what no plan can bring back.

// keptSymbol stands before what is left as it is.
const keptSymbol = "="

// maxKept is how much of what stays as it is is listed one by one; the JSON document
// has all of it.
const maxKept = 200

// neverReturns is what an undo cannot speak of at all.
const neverReturns = "workflow enrolments, emails that were sent, and the dates at which lifecycle stages were entered do not return."

// localKind is the Kind of Stats about a portal of this machine.
const localKind = "local"

// kept lists what an undo leaves as it is, archived contacts last.
func (s *screen) kept(stats Stats) {
	if stats.Undo == "" {
		return
	}
	var rows, archived []row
	for _, k := range stats.Kept {
		r := row{symbol: s.paint.yellow(keptSymbol), verb: "keep", who: Terminal(s.person(k.Email, k.ID)), below: s.note(s.keptText(k))}
		if k.Archived {
			r.symbol, r.verb = s.paint.alarm("!"), "archived"
			archived = append(archived, r)
		} else {
			rows = append(rows, r)
		}
	}
	rows = append(rows, archived...)
	s.blocks(first(rows, maxKept), minLeft)
	if hidden := len(rows) - maxKept; hidden > 0 {
		s.line("")
		s.line("  %s", s.paint.faint("and "+plural(hidden, "more thing", "more things")+" that stay; all of them: --json"))
	}
	if len(archived) > 0 {
		s.line("")
		s.margin("Archived: ", s.bringBack(stats, len(archived)))
	}
}

// bringBack says how archived contacts return.
func (s *screen) bringBack(stats Stats, n int) string {
	if stats.Kind == localKind {
		return plural(n, "contact", "contacts") + " can return by `contactsync portal restore ID`, and by nothing else."
	}
	return plural(n, "contact", "contacts") + " can return within 90 days of the archive, in HubSpot itself: " + restoreLink(stats.Account)
}

// restoreLink is where HubSpot lists archived contacts.
func restoreLink(account string) string {
	return "https://app.hubspot.com/contacts/" + account + "/objects/0-1/restore"
}

// keptText is one sentence: what stays, as what, and why.
func (o Options) keptText(k apply.Kept) string {
	text := ""
	switch {
	case k.Property != "" && k.Now == "":
		text = k.Property + " stays empty: "
	case k.Property == "email":
		text = "email stays: "
	case k.Property != "":
		text = k.Property + " stays " + Terminal(o.value(k.Property, k.Now)) + ": "
	case k.To != crm.Ref{}:
		text = Terminal(o.ref(k.To)) + ": "
	case k.ID != "" && o.PII != None:
		text = "contact " + string(k.ID) + ": "
	}
	return text + Terminal(o.Prose(k.Reason))
}

// ref names a record: its type, and its id or, for a person, the address.
func (o Options) ref(to crm.Ref) string {
	if to.Email != "" {
		return string(to.Type) + " " + o.person(to.Email, to.ID)
	}
	if o.PII == None {
		return "a " + string(to.Type)
	}
	return string(to.Type) + " " + string(to.ID)
}

// keptDocument is one thing that an undo leaves as it is.
type keptDocument struct {
	ID       crm.ObjectID   `json:"id,omitempty"`
	Email    string         `json:"email,omitempty"`
	Property string         `json:"property,omitempty"`
	Now      *string        `json:"now,omitempty"` // the present value of Property, where it may be shown
	Length   *int           `json:"now_length,omitempty"`
	Type     crm.ObjectType `json:"type,omitempty"`
	To       crm.ObjectID   `json:"to,omitempty"`
	Archived bool           `json:"archived,omitempty"`
	Link     string         `json:"link,omitempty"` // where HubSpot lists archived contacts
	Reason   string         `json:"reason"`
}

func (o Options) keptDocuments(stats Stats) []keptDocument {
	var documents []keptDocument
	for _, k := range stats.Kept {
		d := keptDocument{Property: k.Property, Type: k.To.Type, Archived: k.Archived, Reason: o.Prose(k.Reason)}
		if o.PII != None {
			d.ID, d.Email, d.To = k.ID, o.address(k.Email), k.To.ID
		}
		switch {
		case k.Property == "" || o.PII == None:
		case k.Property != "email" && o.hides(k.Property):
			d.Length = new(utf8.RuneCountInString(k.Now))
		default:
			d.Now = new(k.Now)
			if k.Property == "email" {
				*d.Now = o.Prose(k.Now)
			}
		}
		if k.Archived && stats.Kind != localKind {
			d.Link = restoreLink(stats.Account)
		}
		documents = append(documents, d)
	}
	return documents
}
