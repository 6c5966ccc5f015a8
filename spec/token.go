package spec

import "strings"

// HubSpot's access tokens are "pat-", a word for the data centre, "-" and 36
// characters of a UUID.
const (
	tokenPrefix = "pat-"
	tokenSuffix = 36
)

// HoldsToken reports whether a text holds something that looks like a HubSpot access
// token. No file may: Load refuses it, whatever it stands for.
func HoldsToken(text string) bool { return findToken(text) >= 0 }

// findToken is the offset of the first text that looks like an access token, -1
// without one.
func findToken(text string) int {
	for offset := 0; ; {
		i := strings.Index(text[offset:], tokenPrefix)
		if i < 0 {
			return -1
		}
		if tokenLength(text[offset+i:]) > 0 {
			return offset + i
		}
		offset += i + len(tokenPrefix)
	}
}

// tokenLength is the length of the token that text begins with, 0 without one.
func tokenLength(text string) int {
	i := len(tokenPrefix)
	region := i
	for i < len(text) && ('a' <= text[i] && text[i] <= 'z' || '0' <= text[i] && text[i] <= '9') {
		i++
	}
	if i == region || i == len(text) || text[i] != '-' {
		return 0
	}
	i++
	if len(text)-i < tokenSuffix {
		return 0
	}
	for _, c := range []byte(text[i : i+tokenSuffix]) {
		if '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' || c == '-' {
			continue
		}
		return 0
	}
	return i + tokenSuffix
}

// maskTokens replaces every character of an access token, so that columns stay
// what they were.
func maskTokens(text string) string {
	for {
		i := findToken(text)
		if i < 0 {
			return text
		}
		length := tokenLength(text[i:])
		text = text[:i] + strings.Repeat("*", length) + text[i+length:]
	}
}
