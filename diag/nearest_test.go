package diag_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/diag"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"email", "id", "properties", "previous_email", "also", "owner", "lifecycle"}
	tests := map[string]struct{ want string }{
		"emial":        {"email"},
		"e-mail":       {"email"},
		"Email":        {"email"},
		"previousMail": {"previous_email"},
		"previousemal": {"previous_email"},
		"propertys":    {"properties"},
		"onwer":        {"owner"},
		"x":            {""},
		"":             {""},
		"__":           {""},
		"zzzzzzzz":     {""},
	}
	for word, test := range tests {
		got, ok := diag.Nearest(word, words)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("Nearest(%q) = %q, %t; want %q", word, got, ok, test.want)
		}
	}
}

func TestNearestFindsAWordWithOneEdit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z]{4,12}`).Draw(t, "word")
		at := rapid.IntRange(0, len(word)-1).Draw(t, "at")
		typo := word[:at] + rapid.StringMatching(`[a-z]?`).Draw(t, "instead") + word[at+1:]
		if got, ok := diag.Nearest(typo, []string{"0000000000000000", word}); !ok || got != word {
			t.Fatalf("Nearest(%q) = %q, %t; want %q", typo, got, ok, word)
		}
	})
}
