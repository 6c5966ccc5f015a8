package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/schema"
)

func TestForeignReferencesAreRefusedUnread(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{
		"file:///etc/hostname",
		"file:///etc/hostname#/a",
		"/etc/hostname",
		"../../etc/hostname",
		"http://127.0.0.1:1/schema.json",
		"https://example.com/schema.json",
		"schema.go",
		"nothing.schema.json",
		"testdata/../schema.go",
	} {
		text := fmt.Appendf(nil, `{"properties": {"a": {"$ref": %q}}}`, ref)
		_, err := schema.Compile(published+"foreign.schema.json", text)
		if err == nil {
			t.Errorf("%s was loaded", ref)
			continue
		}
		if !strings.Contains(err.Error(), "it is not one of the embedded schemas") {
			t.Errorf("%s: %v", ref, err)
		}
	}
}

func TestForeignMetaSchemasAreRefusedUnread(t *testing.T) {
	t.Parallel()
	if _, err := schema.Compile("urn:test:one", []byte(`{"$schema": "file:///etc/hostname"}`)); err == nil {
		t.Error("a schema named a file as its meta-schema, and was compiled")
	}
}

func TestReferencesWithinThePackageAreFollowed(t *testing.T) {
	t.Parallel()
	text := fmt.Appendf(nil, `{"$ref": %q}`, published+"contactsync.schema.json#/definitions/email")
	judge, err := schema.Compile("urn:test:one", text)
	if err != nil {
		t.Fatal(err)
	}
	if judge.Validate("ada@example.com") != nil || judge.Validate("ada") == nil {
		t.Error("the reference leads to something else than an email")
	}
}

func TestBrokenSchemasAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `{`, `{"type": "text"}`, `{"$ref": "#/definitions/none"}`, `{"pattern": "("}`} {
		if _, err := schema.Compile("urn:test:one", []byte(text)); err == nil {
			t.Errorf("%q was compiled", text)
		}
	}
}
