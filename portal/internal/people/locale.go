package people

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed locales.json
var localesFile []byte

// locale is what people of one country are made of. In patterns a # stands for a
// digit.
type locale struct {
	Country     string   `json:"country"`
	CountryCode string   `json:"countryCode"`
	Language    string   `json:"language"` // an option of hs_language
	Timezone    string   `json:"timezone"` // an option of hs_timezone
	Weight      int      `json:"weight"`   // share of the people
	Women       []name   `json:"women"`
	Men         []name   `json:"men"`
	Family      []family `json:"family"`
	Cities      []city   `json:"cities"`
	Phone       string   `json:"phone"`  // pattern after the city's area code
	Mobile      string   `json:"mobile"` // pattern of a whole number
	Street      string   `json:"street"` // {n} is a house number, {s} a street
	Streets     []string `json:"streets"`
	Company     string   `json:"company"` // what a company's legal name ends with
	Titles      []string `json:"titles"`  // job titles in the local language
}

type city struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Zip   string `json:"zip"`
	Area  string `json:"area"` // "+" and the digits before a local number
}

// locales cannot fail to decode unless the build is damaged, which no caller
// could handle.
func locales() []locale {
	var all []locale
	if err := json.Unmarshal(localesFile, &all); err != nil {
		panic(fmt.Sprintf("people: decoding locales.json: %v", err))
	}
	return all
}

// name is a given or family name in its own script and in ASCII.
type name struct {
	native string
	latin  string // lower case letters and hyphens
}

// UnmarshalText reads "native" or "native|latin".
func (n *name) UnmarshalText(text []byte) error {
	native, latin, romanised := strings.Cut(string(text), "|")
	if !romanised {
		latin = native
	}
	*n = name{native, ascii(latin)}
	return nil
}

// family is a name in the form that men bear and the one that women bear.
type family struct{ his, hers name }

// UnmarshalText reads one name for both, or "his/hers".
func (f *family) UnmarshalText(text []byte) error {
	his, hers, differ := bytes.Cut(text, []byte("/"))
	if !differ {
		hers = his
	}
	return errors.Join(f.his.UnmarshalText(his), f.hers.UnmarshalText(hers))
}

// names draws a given and a family name.
func (l *locale) names(r *rand.Rand, woman bool) (given, last name) {
	if woman {
		return pick(r, l.Women), pick(r, l.Family).hers
	}
	return pick(r, l.Men), pick(r, l.Family).his
}

func (l *locale) street(r *rand.Rand) string {
	text := strings.Replace(l.Street, "{n}", strconv.Itoa(1+r.IntN(240)), 1)
	return strings.Replace(text, "{s}", pick(r, l.Streets), 1)
}

// digits fills a pattern with random digits.
func digits(r *rand.Rand, pattern string) string {
	return strings.Map(func(c rune) rune {
		if c == '#' {
			return '0' + r.Int32N(10)
		}
		return c
	}, pattern)
}

// letters that do not fall apart into a base letter and a mark.
var latinLetters = strings.NewReplacer("ł", "l", "ø", "o", "ß", "ss", "æ", "ae", "œ", "oe", "đ", "d", "ð", "d", "þ", "th", "ı", "i", " ", "-")

// ascii writes a Latin name as it stands in addresses: lower case, without
// accents and apostrophes.
func ascii(text string) string {
	lower := latinLetters.Replace(strings.ToLower(text))
	return strings.Map(func(c rune) rune {
		if c == '-' || c < unicode.MaxASCII && unicode.IsLetter(c) {
			return c
		}
		return -1
	}, norm.NFD.String(lower))
}
