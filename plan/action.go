package plan

import "fmt"

// Symbol is the sign that stands before a change on screen.
func (a Action) Symbol() string {
	switch a {
	case Create:
		return "+"
	case Update:
		return "~"
	case Archive:
		return "-"
	}
	return "?"
}

func (a Action) String() string {
	switch a {
	case Create:
		return "create"
	case Update:
		return "update"
	case Archive:
		return "archive"
	}
	return "unknown"
}

// MarshalText writes the action as its word. It fails for a value that is none.
func (a Action) MarshalText() ([]byte, error) {
	return enumText(a, Create, Archive)
}

// UnmarshalText reads the word of an action.
func (a *Action) UnmarshalText(text []byte) error {
	return readEnum(a, Create, Archive, text)
}

func (o Origin) String() string {
	switch o {
	case OriginContact:
		return "contact"
	case OriginDefaults:
		return "defaults"
	case OriginOwner:
		return "owner"
	case OriginRename:
		return "rename"
	case OriginRule:
		return "rule"
	}
	return "unknown"
}

// MarshalText writes the origin as its word. It fails for a value that is none.
func (o Origin) MarshalText() ([]byte, error) {
	return enumText(o, OriginContact, OriginRule)
}

// UnmarshalText reads the word of an origin.
func (o *Origin) UnmarshalText(text []byte) error {
	return readEnum(o, OriginContact, OriginRule, text)
}

type word interface {
	~uint8
	fmt.Stringer
}

func enumText[E word](value, first, last E) ([]byte, error) {
	if value < first || value > last {
		return nil, fmt.Errorf("encoding %T: %d is none of its values", value, uint8(value))
	}
	return []byte(value.String()), nil
}

func readEnum[E word](into *E, first, last E, text []byte) error {
	for value := first; value <= last; value++ {
		if value.String() == string(text) {
			*into = value
			return nil
		}
	}
	return fmt.Errorf("decoding %T: %q is none of its values", *into, text)
}
