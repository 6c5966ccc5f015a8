package spec_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

func loadText(text []byte) (*spec.Document, bool) {
	doc, problems := spec.Load([]spec.Source{{Name: "crm.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(text)), nil
	}}})
	return doc, !problems.HasErrors()
}

func TestEraseTakesOutWhatIsThePersons(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text, want      string
		contacts, items int
		left            []int
	}{
		"between others, with its comments": {
			text: "version: 1\ncontacts:\n  # the founders\n  - email: ada@example.com\n    properties:\n      city: London\n\n  - email: Lee@Example.com   # left us\n    # asked by phone\n    properties:\n      message: |\n        one\n\n        two\n\n  - email: grace@example.com\n",
			want: "version: 1\ncontacts:\n  # the founders\n  - email: ada@example.com\n    properties:\n      city: London\n\n\n  - email: grace@example.com\n", contacts: 1,
		},
		"last of all":          {text: "version: 1\ncontacts:\n- email: ada@example.com\n- properties: {city: Leeds}\n  email: lee@example.com", want: "version: 1\ncontacts:\n- email: ada@example.com\n", contacts: 1},
		"the only one":         {text: "version: 1\ncontacts: # all\n  - email: lee@example.com\n", want: "version: 1\ncontacts: [] # all\n", contacts: 1},
		"a dash by itself":     {text: "version: 1\ncontacts:\n  -\n    email: lee@example.com\n  - email: ada@example.com\n", want: "version: 1\ncontacts:\n  - email: ada@example.com\n", contacts: 1},
		"in two documents":     {text: "version: 1\ncontacts:\n  - email: ada@example.com\n---\nversion: 1\ncontacts:\n  - email: lee@example.com\n  - email: eve@example.com\n", want: "version: 1\ncontacts:\n  - email: ada@example.com\n---\nversion: 1\ncontacts:\n  - email: eve@example.com\n", contacts: 1},
		"among associations":   {text: "version: 1\ncontacts:\n  - email: ada@example.com\n    associations:\n      - {to: contact, email: lee@example.com}\n      - {to: company, id: \"1\"}\n", want: "version: 1\ncontacts:\n  - email: ada@example.com\n    associations:\n      - {to: company, id: \"1\"}\n", items: 1},
		"the only association": {text: "version: 1\ncontacts:\n  - email: ada@example.com\n    associations:\n      - to: contact\n        email: lee@example.com\n", want: "version: 1\ncontacts:\n  - email: ada@example.com\n", items: 1},
		"what is left is told": {text: "version: 1\n# ask LEE@example.com\ncontacts:\n  - email: ada@example.com\n    also: [lee@example.com]\n", want: "version: 1\n# ask LEE@example.com\ncontacts:\n  - email: ada@example.com\n    also: [lee@example.com]\n", left: []int{2, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := spec.Erase([]byte(test.text), "lee@example.com")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got.Text)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if got.Contacts != test.contacts || got.Items != test.items || !cmp.Equal(got.Left, test.left) {
				t.Errorf("%d contacts, %d items, left %v", got.Contacts, got.Items, got.Left)
			}
			if _, ok := loadText(got.Text); !ok {
				t.Errorf("what is left cannot be read:\n%s", got.Text)
			}
		})
	}
}

func TestEraseRefusesWhatSharesALine(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"version: 1\ncontacts: [{email: ada@example.com}, {email: lee@example.com}]\n",
		"version: 1\ncontacts:\n  - email: ada@example.com\n    associations: [{to: contact, email: lee@example.com}]\n",
		"version: 1\ncontacts:\n  - associations:\n      - {to: contact, email: lee@example.com}\n    email: ada@example.com\n",
	} {
		if _, err := spec.Erase([]byte(text), "lee@example.com"); !errors.Is(err, spec.ErrEraseByHand) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever stands in a file, the other contacts say the same without the person.
func TestLawEraseLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	erased := 0
	rapid.Check(t, func(t *rapid.T) {
		doc := spec.NewDocument(contacts().Draw(t, "contacts"))
		var file bytes.Buffer
		if err := doc.Encode(&file); err != nil {
			t.Fatal(err)
		}
		before, ok := loadText(file.Bytes())
		if !ok || before.Len() == 0 {
			return
		}
		who := before.Contact(rapid.IntRange(0, before.Len()-1).Draw(t, "who")).Email
		if who == "" {
			return
		}
		got, err := spec.Erase(file.Bytes(), who)
		if err != nil {
			t.Fatalf("%v\n%s", err, &file)
		}
		after, ok := loadText(got.Text)
		if !ok || !before.Same(after, who) {
			t.Fatalf("without %s the file says something else:\n%s\n%s", who, &file, got.Text)
		}
		for _, c := range after.All() {
			if c.Email == who {
				t.Fatalf("%s is still there:\n%s", who, got.Text)
			}
		}
		erased++
	})
	if erased == 0 {
		t.Error("nobody was erased")
	}
}

func TestForgottenListKnowsAndNamesNobody(t *testing.T) {
	t.Parallel()
	list, err := spec.NewForgotten(bytes.NewReader(bytes.Repeat([]byte{7}, 64)))
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []crm.Email{"lee@example.com", "ada@example.com", "lee@example.com"} {
		list.Add(email)
	}
	var file bytes.Buffer
	if err := list.Encode(&file); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(file.Bytes(), []byte("example")) {
		t.Errorf("the list holds an address:\n%s", &file)
	}
	again, err := spec.ReadForgotten(&file)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Has("lee@example.com") || !again.Has("ada@example.com") || again.Has("eve@example.com") || again.Len() != 2 {
		t.Errorf("the list read again knows others: %d", again.Len())
	}
	for _, damaged := range []string{"", "contactsync.forgotten 1\n", "contactsync.forgotten 1 00\n", "contactsync.forgotten 1 " + "07070707070707070707070707070707" + "\nxyz\n"} {
		if _, err := spec.ReadForgotten(bytes.NewReader([]byte(damaged))); !errors.Is(err, spec.ErrForgotten) {
			t.Errorf("%q: %v", damaged, err)
		}
	}
}
