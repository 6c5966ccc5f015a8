package spec_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

var looksLikeToken = regexp.MustCompile(`pat-[a-z0-9]+-[0-9a-fA-F-]{36}`)

// A token is refused wherever it stands, and no part of the answer repeats it.
func TestTokensAreRefusedAndNeverRepeated(t *testing.T) {
	t.Parallel()
	const token = "pat-eu1-01234567-89ab-CDEF-0123-456789abcdef"
	places := map[string]string{
		"comment":       "# %s\nversion: 1\n",
		"value":         "version: 1\ncontacts:\n- email: a@example.com\n  properties: {message: x%sx}\n",
		"key":           "version: 1\n%s: 1\n",
		"email":         "version: 1\ncontacts:\n- email: %s\n",
		"property name": "version: 1\ncontacts:\n- email: a@example.com\n  properties: {%s: 1}\n",
		"anchor":        "version: 1\ncontacts:\n- email: *%s\n",
		"syntax error":  "version: 1\n: %s: [\n",
		"twice":         "version: 1\n# %[1]s %[1]s\n",
		"escaped":       "version: 1\ncontacts:\n- email: \"%s\"\n",
	}
	for name, text := range places {
		written := token
		if name == "escaped" {
			written = strings.Replace(token, "-", `\x2d`, 1)
		}
		_, list := spec.Load([]spec.Source{source("crm.yaml", fmt.Sprintf(text, written))})
		if !strings.Contains(codes(list), string(diag.AccessToken)) {
			t.Errorf("%s: not refused: %v", name, list)
		}
		if shown := fmt.Sprintf("%+v", list); looksLikeToken.MatchString(shown) || strings.Contains(shown, written) {
			t.Errorf("%s: the token is repeated: %s", name, shown)
		}
	}
}

func TestTokensInProjectsAndFixtures(t *testing.T) {
	t.Parallel()
	const text = "version: 1\n# pat-na1-01234567-89ab-cdef-0123-456789abcdef\n"
	_, project := spec.LoadProject(source("contactsync.yaml", text), environment)
	_, fixture := spec.LoadFixture(source("seed.yaml", text))
	if codes(project) != string(diag.AccessToken) || codes(fixture) != string(diag.AccessToken) {
		t.Errorf("project: %v; fixture: %v", project, fixture)
	}
}

func TestTextsThatAreNoTokens(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"pat-", "pat-na1", "pat-na1-0123", "pat--01234567-89ab-cdef-0123-456789abcdef", "Pat-na1-01234567-89ab-cdef-0123-456789abcdeg"} {
		load(t, "version: 1\n# "+text+"\n")
	}
}
