package portal

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// bin is GET /bin: what was archived.
func (g *page) bin(w http.ResponseWriter, r *http.Request) error {
	objectType, err := g.typeOf(cmp.Or(r.FormValue("type"), crm.TypeContact.Plural()))
	if err != nil {
		return err
	}
	l, err := g.browse(r, store.Browse{Type: objectType, Archived: true})
	if err != nil {
		return err
	}
	g.show(w, r, http.StatusOK, "bin", frame{Title: "Recycle bin", Section: "bin", Body: l})
	return nil
}

// restore is POST /bin/restore: a record goes back to where it was.
func (g *page) restore(w http.ResponseWriter, r *http.Request) error {
	objectType, err := g.typeOf(r.PostFormValue("type"))
	if err != nil {
		return err
	}
	id, ok := recordID(r.PostFormValue("id"))
	if !ok {
		return noSuchPage()
	}
	_, err = g.portal.Restore(r.Context(), objectType, idText(id))
	if refused, ok := asError[*refusal](err); ok {
		return &pageProblem{http.StatusConflict, "Not restored", refused.body.Message + "."}
	}
	if errors.Is(err, ErrNotArchived) {
		return &pageProblem{http.StatusNotFound, "Not restored", "There is no such record in the recycle bin. It may have been restored already."}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, recordLink(objectType, id)+"?restored=1", http.StatusSeeOther) // #nosec G710 -- a path of this page: a type that exists, and a number
	return nil
}
