package apply_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
)

// A guard sees every write that a run sends and holds it to the plan: the record, the
// property, the text, the pair and its types must stand there.
type guard struct {
	mu        sync.Mutex
	byID      map[string]*plan.Change
	byEmail   map[string]*plan.Change
	seen      int
	unplanned []string
	kept      []crm.AssociationType // types that a pair may bear already and must keep
}

func (g *guard) watch(p *plan.Plan) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.byID, g.byEmail = make(map[string]*plan.Change), make(map[string]*plan.Change)
	for i := range p.Changes {
		change := &p.Changes[i]
		if change.Action == plan.Create {
			g.byEmail[string(change.Email)] = change
		} else {
			g.byID[string(change.ID)] = change
		}
	}
}

func (g *guard) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		var text []byte
		if r.Body != nil {
			var err error
			if text, err = io.ReadAll(r.Body); err != nil {
				return nil, err
			}
			r.Body = io.NopCloser(bytes.NewReader(text))
		}
		if r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/read") {
			g.mu.Lock()
			g.judge(r.URL.Path, text)
			g.mu.Unlock()
		}
		return next.RoundTrip(r)
	})
}

// guardInput has the fields of every batch's inputs.
type guardInput struct {
	ID           string
	Properties   map[string]string
	Associations []guardPair
	guardPair
}

type guardPair struct {
	From  struct{ ID string }
	To    json.RawMessage // one record, or several
	Types []struct {
		AssociationCategory string
		AssociationTypeID   int `json:"associationTypeId"`
	}
}

func (g *guard) judge(path string, text []byte) {
	g.seen++
	var body struct{ Inputs []guardInput }
	if err := json.Unmarshal(text, &body); err != nil || len(body.Inputs) == 0 {
		g.refuse("%s: %v", path, err)
	}
	for _, input := range body.Inputs {
		switch change := g.byID[input.ID]; {
		case strings.Contains(path, "/associations/"):
			g.pair(path, g.byID[input.From.ID], input.guardPair)
		case strings.HasSuffix(path, "/objects/contacts/batch/create"):
			change = g.byEmail[input.Properties["email"]]
			g.values(path, change, input.Properties)
			for _, link := range input.Associations {
				g.pair(path, change, link)
			}
		case strings.HasSuffix(path, "/objects/contacts/batch/update"):
			g.values(path, change, input.Properties)
		case strings.HasSuffix(path, "/objects/contacts/batch/archive"):
			if change == nil || change.Action != plan.Archive {
				g.refuse("%s of %s", path, input.ID)
			}
		default:
			g.refuse("%s", path)
		}
	}
}

func (g *guard) values(path string, change *plan.Change, values map[string]string) {
	if change == nil || change.Action == plan.Archive {
		g.refuse("%s of a record that is not planned: %v", path, values)
		return
	}
	for name, text := range values {
		planned := name == "email" && text == string(change.Email) && (change.From != "" || change.Action == plan.Create) ||
			slices.ContainsFunc(change.Properties, func(p plan.PropertyChange) bool {
				return p.Name == name && (text == p.After || p.Backward && text == "")
			})
		if !planned {
			g.refuse("%s: %s of %s becomes %q", path, name, change.Email, text)
		}
	}
}

// pair judges one link. The change is nil for a contact that the run created, whose id
// no plan knows: then somebody's plan must have such a link.
func (g *guard) pair(path string, change *plan.Change, link guardPair) {
	candidates := []*plan.Change{change}
	if change == nil {
		candidates = nil
		for _, created := range g.byEmail {
			candidates = append(candidates, created)
		}
	}
	for _, one := range candidates {
		for _, planned := range one.Associations {
			types := slices.Concat(planned.Before, planned.After, g.kept)
			toPlanned := planned.To.ID == "" || strings.Contains(string(link.To), `"`+string(planned.To.ID)+`"`)
			strange := false
			for _, t := range link.Types {
				same := crm.AssociationType{Category: t.AssociationCategory, TypeID: t.AssociationTypeID}
				strange = strange || !slices.ContainsFunc(types, same.Same)
			}
			if toPlanned && !strange {
				return
			}
		}
	}
	g.refuse("%s: %s with %s", path, link.From.ID, link.To)
}

func (g *guard) refuse(format string, args ...any) {
	g.unplanned = append(g.unplanned, fmt.Sprintf(format, args...))
}
