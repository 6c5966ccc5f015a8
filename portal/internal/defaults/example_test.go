package defaults_test

import (
	"fmt"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/defaults"
)

func ExampleAssociationTypes() {
	for _, t := range defaults.AssociationTypes() {
		if t.From == crm.TypeContact && t.To == crm.TypeCompany {
			fmt.Println(t.TypeID, t.Name, t.Kind)
		}
	}
	// Output:
	// 1 contact_to_company primary
	// 279 contact_to_company_unlabeled default
	// 931 billing_contact_to_company billing
}
