package portal

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// maxOwners is the most owners of a page.
const maxOwners = 500

// listOwners is GET /crm/v3/owners: by id, active ones or archived ones, all or
// those with an email.
func listOwners(c *call) (answer, error) {
	limit, after, err := c.page(100, maxOwners)
	if err != nil {
		return answer{}, err
	}
	email := c.query.Get("email")
	page := hubspot.Page[hubspot.Owner]{Results: []hubspot.Owner{}}
	err = c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		owners, err := tx.Owners(ctx)
		if err != nil {
			return err
		}
		for _, owner := range owners {
			id, _ := recordID(owner.ID)
			if id < after || owner.Archived != c.archived() || email != "" && !strings.EqualFold(owner.Email, email) {
				continue
			}
			if len(page.Results) == limit {
				page.Paging = c.next(owner.ID)
				return nil
			}
			page.Results = append(page.Results, owner)
		}
		return nil
	})
	return answer{http.StatusOK, page}, err
}

// readOwner is GET /crm/v3/owners/{id}: an active one, or with archived=true an
// archived one. With idProperty=userId the id is that of the user.
func readOwner(c *call) (answer, error) {
	by := c.query.Get("idProperty")
	if by != "" && by != "id" && by != "userId" {
		return answer{}, invalid("The idProperty of an owner can be id or userId, not %q", by)
	}
	var found []hubspot.Owner
	err := c.portal.store.View(c.request.Context(), func(ctx context.Context, tx *store.Tx) error {
		owners, err := tx.Owners(ctx)
		found = slices.DeleteFunc(owners, func(owner hubspot.Owner) bool {
			id := owner.ID
			if by == "userId" {
				id = ""
				if owner.UserID != nil {
					id = strconv.Itoa(*owner.UserID)
				}
			}
			return id != c.values["id"] || owner.Archived != c.archived()
		})
		return err
	})
	if err != nil {
		return answer{}, err
	}
	if len(found) == 0 {
		return answer{}, refuse(http.StatusNotFound, categoryNotFound, fmt.Sprintf("No owner with ID %s exists", c.values["id"]))
	}
	return answer{http.StatusOK, found[0]}, nil
}
