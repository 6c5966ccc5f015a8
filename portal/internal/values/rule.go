package values

import (
	"errors"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// Conform judges a stored text by the portal's own rules for its property and
// returns the text to keep.
func Conform(rules []hubspot.ValidationRule, text string) (string, *Problem) {
	judged := make([]crm.ValidationRule, len(rules))
	for i, rule := range rules {
		judged[i] = crm.ValidationRule{Type: rule.RuleType, Arguments: rule.RuleArguments, Normalises: rule.ShouldApplyNormalization}
	}
	kept, err := crm.Conform(judged, text)
	if err == nil {
		return kept, nil
	}
	problem := &Problem{InvalidFormat, err.Error()}
	if broken, ok := errors.AsType[*crm.ValueError](err); ok && broken.Rule == crm.RuleAlphaOnly {
		problem.Code = InvalidAlpha
	}
	return "", problem
}
