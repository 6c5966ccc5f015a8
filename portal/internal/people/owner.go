package people

import (
	"math/rand/v2"
	"strconv"

	"github.com/contactsync/contactsync/hubspot"
)

// owners is how many users own records; the last of them has left.
const owners = 7

// Owners are the users who own records, by id. One of them is archived and still
// owns some.
func (p *People) Owners() []hubspot.Owner {
	all := make([]hubspot.Owner, owners)
	for i := range all {
		r := p.draw(kindOwner, i)
		home := &p.locales[pick(r, p.drawn)]
		given, last := home.names(r, chance(r, 50))
		created, updated := moments(r)
		user := 41_000_000 + i
		all[i] = hubspot.Owner{
			ID: p.owner(i), Type: "PERSON", UserID: &user,
			Email:     given.latin + "." + last.latin + strconv.Itoa(i+1) + "@crm-team.example",
			FirstName: given.native, LastName: last.native,
			CreatedAt: datetime(created), UpdatedAt: datetime(updated),
			Archived: i == owners-1,
		}
	}
	return all
}

// owner is the id of an owner.
func (p *People) owner(index int) string {
	return strconv.FormatUint(70_000_000+p.seed%1_000_000*10+uint64(index), 10) // #nosec G115 -- below ten
}

// ownerID draws an owner; one record in fifty belongs to the one who left.
func (p *People) ownerID(r *rand.Rand) string {
	if chance(r, 2) {
		return p.owner(owners - 1)
	}
	return p.owner(r.IntN(owners - 1))
}
