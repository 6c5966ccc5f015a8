package crm_test

import (
	"testing"

	"github.com/contactsync/contactsync/crm"
)

func rule(kind string, arguments ...string) crm.ValidationRule {
	return crm.ValidationRule{Type: kind, Arguments: arguments}
}

func TestConformAccepts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule crm.ValidationRule
		text string
	}{
		{rule("ALPHANUMERIC", "ALPHA_ONLY"), "Ålesund"},
		{rule("ALPHANUMERIC", "ALPHA_ONLY"), "हिन्दी"},
		{rule("ALPHANUMERIC", "ALPHA_ONLY"), ""},
		{rule("ALPHANUMERIC", "NUMERIC_ONLY"), "02139"},
		{rule("ALPHANUMERIC", "ALPHANUMERIC"), "K1A"},
		{rule("ALPHANUMERIC"), "a-b"},
		{rule("SPECIAL_CHARACTERS", "NOT_ALLOWED"), "Unit 7"},
		{rule("WHITESPACE"), "ab"},
		{rule("WHITESPACE", "TRIM"), "a b"},
		{rule("FORMAT", "UPPER"), "ÄB1"},
		{rule("FORMAT", "LOWER"), "äb"},
		{rule("FORMAT", "CAPITALIZATION"), "Äb"},
		{rule("MAX_LENGTH", "3"), "äöü"},
		{rule("MIN_LENGTH", "3"), "äöü"},
		{rule("MAX_NUMBER", "99.99"), "99.99"},
		{rule("MIN_NUMBER", "-1"), "-0.5"},
		{rule("DECIMAL", "2"), "1.25"},
		{rule("START_DATE", "1640995200000"), "2022-01-01"},
		{rule("END_DATETIME", "1640995200000"), "2022-01-01T00:00:00.000Z"},
		{rule("REGEX", "^[A-Z]+$", "Must be uppercase"), "ABC"},
		{rule("REGEX"), "ABC"},
		{rule("PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE"), "+49 30 901820"},
		{rule("PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", "us"), "+1 (555) 010-0199"},
		{rule("DAYS_OF_WEEK", "MONDAY"), "2026-03-15"}, // not enforced
	} {
		got, err := crm.Conform([]crm.ValidationRule{c.rule}, c.text)
		if err != nil || got != c.text {
			t.Errorf("%v: %q is kept as %q with problem %v", c.rule, c.text, got, err)
		}
	}
}

func TestConformRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule crm.ValidationRule
		text string
		want string
	}{
		{rule("ALPHANUMERIC", "ALPHA_ONLY"), "R2", "Enter only letters"},
		{rule("ALPHANUMERIC", "NUMERIC_ONLY"), "1.5", "Enter only numbers"},
		{rule("ALPHANUMERIC", "ALPHANUMERIC"), "a b", "Enter only letters and numbers"},
		{rule("SPECIAL_CHARACTERS", "NOT_ALLOWED"), "a!", "Special characters are not allowed"},
		{rule("WHITESPACE"), "a b", "Remove the spaces"},
		{rule("WHITESPACE", "TRIM"), " ab", "Remove the spaces"},
		{rule("FORMAT", "UPPER"), "aB", "Enter only upper case"},
		{rule("FORMAT", "LOWER"), "aB", "Enter only lower case"},
		{rule("FORMAT", "CAPITALIZATION"), "äb", "Start with a capital letter"},
		{rule("MAX_LENGTH", "2"), "äöü", "Enter at most 2 characters"},
		{rule("MIN_LENGTH", "4"), "äöü", "Enter at least 4 characters"},
		{rule("MAX_NUMBER", "99.99"), "100", "Enter a number of at most 99.99"},
		{rule("MIN_NUMBER", "0"), "-0.5", "Enter a number of at least 0"},
		{rule("DECIMAL", "1"), "1.25", "Enter a number with at most 1 decimal places"},
		{rule("START_DATE", "1640995200000"), "2021-12-31", "Enter a date that is not before 2022-01-01"},
		{rule("END_DATE", "1640995200000"), "2022-01-02", "Enter a date that is not after 2022-01-01"},
		{rule("REGEX", "^[A-Z]+$", "Must be uppercase"), "abc", "Must be uppercase"},
		{rule("REGEX", "^[A-Z]+$"), "abc", "Enter a value in the expected format"},
		{rule("PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE"), "030 901820", "Enter a valid phone number with its country code"},
		{rule("PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE"), "+49 30 9018x0", "Enter a valid phone number with its country code"},
		{rule("PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", "us"), "+49 30 901820", "Enter a valid phone number with its country code"},
	} {
		_, err := crm.Conform([]crm.ValidationRule{c.rule}, c.text)
		if err == nil || err.Error() != c.want {
			t.Errorf("%v: %q has problem %v, want %q", c.rule, c.text, err, c.want)
		}
	}
}

func TestConformNormalisesPhoneNumbers(t *testing.T) {
	t.Parallel()
	normalising := crm.ValidationRule{Type: "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", Normalises: true}
	got, err := crm.Conform([]crm.ValidationRule{rule("MAX_LENGTH", "20"), normalising, rule("MAX_LENGTH", "12")}, " +1 (555) 010-0199")
	if err != nil || got != "+15550100199" {
		t.Errorf("the number is kept as %q with problem %v", got, err)
	}
}
