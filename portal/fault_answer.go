package portal

import (
	"net/http"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
)

// statusMigrating is HubSpot's own code for a portal that is being moved to another
// data centre (error handling guide, 477).
const statusMigrating = 477

// pretend answers in HubSpot's stead, or in that of something between it and the
// client.
func (p *Portal) pretend(w http.ResponseWriter, fault *crm.Fault) {
	header := w.Header()
	if fault.RetryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(fault.RetryAfter))
	}
	switch fault.Kind {
	case crm.FaultStatus:
		if fault.HTML {
			writePage(w, fault.Status)
			return
		}
		p.refuseBy(w, refuse(fault.Status, "", statusMessage(fault.Status)))
	case crm.FaultPage:
		writeText(w, fault.Status, "text/html;charset=utf-8", []byte(signInPage))
	case crm.FaultWrongJSON:
		writeText(w, http.StatusOK, typeJSON, []byte(fault.Text))
	case crm.FaultLocked:
		// The body of a 423 is not documented; the words are those of the guide.
		p.refuseBy(w, refuse(http.StatusLocked, "", "Locked: large volumes of data were processed in a short time. Wait at least 2 seconds"))
	case crm.FaultRateLimit:
		writeText(w, http.StatusTooManyRequests, typeJSON, marshal(p.rateBody(policy(fault.Policy), p.correlation())))
	case crm.FaultMigrating:
		// Only the status and its header are documented.
		p.refuseBy(w, refuse(statusMigrating, "", "This account is being migrated to another data center"))
	case crm.FaultUnauthorized:
		p.refuseBy(w, refuse(http.StatusUnauthorized, "INVALID_AUTHENTICATION", noCredentials))
	case crm.FaultMissingScopes:
		p.refuseBy(w, scopesMissing(fault.Scopes))
	case crm.FaultDelay, crm.FaultStall, crm.FaultDrop, crm.FaultCut, crm.FaultDrip: // not answers of another's
	}
}

// scopesMissing is HubSpot's refusal of a token that lacks scopes (error handling
// guide).
func scopesMissing(scopes []string) *refusal {
	const page = "https://developers.hubspot.com/scopes"
	r := refuse(http.StatusForbidden, "MISSING_SCOPES", "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "+page+".")
	r.body.Errors = []hubspot.ErrorDetail{{
		Message: "One or more of the following scopes are required.", Context: map[string][]string{"requiredGranularScopes": scopes},
	}}
	r.body.Links = map[string]string{"scopes": page}
	return r
}

// statusMessage is what a JSON body says of a status that is not HubSpot's to
// explain.
func statusMessage(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "Error " + strconv.Itoa(status) // such as Cloudflare's 52x
}

// refuseBy sends a refusal outside of a call.
func (p *Portal) refuseBy(w http.ResponseWriter, r *refusal) {
	c := &call{portal: p, correlation: p.correlation()}
	c.write(w, answer{r.status, r})
}

// signInPage is what a network shows that wants its users to sign in first.
const signInPage = "<html>\n<head><title>Sign in</title></head>\n<body><h1>Sign in to use this network</h1></body>\n</html>\n"
