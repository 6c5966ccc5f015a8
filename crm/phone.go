package crm

import "strings"

// diallingCodes of the countries that a phone rule may be limited to. A country
// that is missing here limits nothing.
var diallingCodes = map[string]string{
	"ae": "971", "ar": "54", "at": "43", "au": "61", "be": "32", "br": "55", "ca": "1", "ch": "41", "cl": "56",
	"cn": "86", "co": "57", "cz": "420", "de": "49", "dk": "45", "eg": "20", "es": "34", "fi": "358", "fr": "33",
	"gb": "44", "gr": "30", "hk": "852", "hu": "36", "id": "62", "ie": "353", "il": "972", "in": "91", "it": "39",
	"jp": "81", "ke": "254", "kr": "82", "mx": "52", "my": "60", "ng": "234", "nl": "31", "no": "47", "nz": "64",
	"pe": "51", "ph": "63", "pk": "92", "pl": "48", "pt": "351", "ro": "40", "ru": "7", "sa": "966", "se": "46",
	"sg": "65", "th": "66", "tr": "90", "tw": "886", "ua": "380", "us": "1", "vn": "84", "za": "27",
}

// E164 returns a phone number with its country code as E.164. Any other text stays
// as it is: which country it is dialled from is not known.
func E164(text string) string {
	if dialled, ok := phone(text, ""); ok {
		return dialled
	}
	return text
}

// phone returns a number as E.164, and whether it is one: a plus sign and 7 to 15
// digits, among which spaces, points, hyphens, slashes and brackets may stand.
// Country, in two lower-case letters, is the only one allowed; empty allows all.
func phone(text, country string) (string, bool) {
	number, ok := strings.CutPrefix(strings.TrimSpace(text), "+")
	if !ok {
		return "", false
	}
	number = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/()\u00a0", r) {
			return -1
		}
		return r
	}, number)
	if len(number) == 0 || !digits(number) || number[0] == '0' || len(number) < 7 || len(number) > 15 {
		return "", false
	}
	return "+" + number, strings.HasPrefix(number, diallingCodes[country])
}
