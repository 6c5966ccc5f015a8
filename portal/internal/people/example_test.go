package people_test

import (
	"fmt"

	"github.com/contactsync/contactsync/portal/internal/people"
)

func ExamplePeople_Contact() {
	crowd := people.New(3)
	for i := range 3 {
		person := crowd.Contact(i).Record.Properties
		fmt.Println(person.Text("firstname"), person.Text("lastname"), person.Text("email"), person.Text("country"))
	}
	// Output:
	// Elijah Núñez e.nunez@nectar-security.example United States
	// Martina Ferrari martina.ferrari1@inbox.example Italy
	// काव्या अय्यर k.iyer@nectar-security.example India
}
