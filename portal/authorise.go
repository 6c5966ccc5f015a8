package portal

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

const noCredentials = "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"

// authorise checks who asks. A browser's page is refused by its Origin, and a
// token that looks like HubSpot's own by its form: it has no business here.
func (p *Portal) authorise(r *http.Request, inside bool) *refusal {
	if r.Header.Get("Origin") != "" {
		return refuse(http.StatusForbidden, "", "This local portal answers no web pages: the request has an Origin header")
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token = strings.TrimSpace(token)
	switch {
	case looksReal(token):
		return refuse(http.StatusForbidden, "", "This is a local portal and the token looks like one for a real HubSpot account. It was not used. Send any other word as the token")
	case p.config.Token != "" && !sameSecret(token, p.config.Token), !inside && (!bearer || token == ""):
		return refuse(http.StatusUnauthorized, "INVALID_AUTHENTICATION", noCredentials)
	}
	return nil
}

// looksReal recognises the form of HubSpot's private-app tokens: pat-, a region,
// and a UUID.
func looksReal(token string) bool {
	rest, found := strings.CutPrefix(strings.ToLower(token), "pat-")
	if !found || len(rest) < 36 {
		return false
	}
	return strings.Trim(rest[len(rest)-36:], "0123456789abcdef-") == "" && strings.Count(rest[len(rest)-36:], "-") == 4
}

// sameSecret compares in a time that tells nothing about either.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
