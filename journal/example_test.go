package journal_test

import (
	"encoding/json"
	"fmt"

	"github.com/contactsync/contactsync/journal"
)

// An intent holds what a request writes, before and after.
func ExampleRecord() {
	text, err := json.Marshal(journal.Record{Intent: &journal.Intent{
		Op: 1, Kind: "update", Writes: []journal.Write{{
			Change: 0, ID: "151", Email: "ada@example.com",
			Properties: []journal.Property{{Name: "jobtitle", Before: "Engineer", After: "CTO"}},
		}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output:
	// {"intent":{"op":1,"kind":"update","writes":[{"change":0,"id":"151","email":"ada@example.com","properties":[{"name":"jobtitle","before":"Engineer","after":"CTO"}]}]}}
}
