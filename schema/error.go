package schema

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Error says where a document does not fit its schema. It holds no value of the
// document: files are full of people's data, and errors end in logs.
type Error struct {
	Kind     Kind
	Problems []Problem // at least one, sorted, none twice
}

// Problem is one place that the schema refuses.
type Problem struct {
	// Path leads to the refused value, as a JSON Pointer ("/contacts/0/email"); it
	// is empty for the whole document. A key that the schema does not know is a
	// problem of the mapping around it and never named.
	Path string
	// Keyword is the JSON Pointer of the schema's keyword that refuses it
	// ("/definitions/email/pattern").
	Keyword string
}

func (e *Error) Error() string {
	first := e.Problems[0]
	text := fmt.Sprintf("validating by %s: %q does not fit %s", e.Kind.File(), cmp.Or(first.Path, "/"), first.Keyword)
	if more := len(e.Problems) - 1; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// refusal turns what the library says into an error without values.
func refusal(kind Kind, err error) error {
	if err == nil {
		return nil
	}
	var refused *jsonschema.ValidationError
	if !errors.As(err, &refused) {
		return fmt.Errorf("validating by %s: %w", kind.File(), err)
	}
	problems := gather(nil, refused)
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Keyword, b.Keyword))
	})
	return &Error{Kind: kind, Problems: slices.Compact(problems)}
}

// gather adds the problems that an error comes down to. What the branches of a
// choice refuse is left out: at most one of them was meant.
func gather(problems []Problem, refused *jsonschema.ValidationError) []Problem {
	_, keyword, _ := strings.Cut(refused.AbsoluteKeywordLocation, "#")
	choice := strings.HasSuffix(keyword, "/anyOf") || strings.HasSuffix(keyword, "/oneOf")
	if choice || len(refused.Causes) == 0 {
		return append(problems, Problem{Path: refused.InstanceLocation, Keyword: keyword})
	}
	for _, cause := range refused.Causes {
		problems = gather(problems, cause)
	}
	return problems
}
