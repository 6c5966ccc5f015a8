package portal

import (
	"crypto/rand"
	"net/http"
	"sync"
)

// session is how a browser shows that its reader knows the portal's token: a
// cookie with a secret that is made up anew by every process and at every
// signing out. The token itself never goes into a cookie.
type session struct {
	token  string // "" = the page is open to whoever reaches it
	cookie string // its name; cookies are shared by all ports of a host

	mu     sync.Mutex
	secret string
}

func newSession(p *Portal) session {
	return session{token: p.config.Token, cookie: "contactsync-" + p.AccountID(), secret: rand.Text()}
}

// knows reports whether a request may see the portal.
func (s *session) knows(r *http.Request) bool {
	if s.token == "" {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shown, err := r.Cookie(s.cookie)
	return err == nil && sameSecret(shown.Value, s.secret)
}

// open gives the browser the secret, until the browser ends.
func (s *session) open(w http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	http.SetCookie(w, s.with(s.secret, 0))
}

// close makes every browser sign in again.
func (s *session) close(w http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret = rand.Text()
	http.SetCookie(w, s.with("", -1))
}

func (s *session) with(value string, maxAge int) *http.Cookie {
	// Not Secure: the portal speaks plain HTTP.
	return &http.Cookie{Name: s.cookie, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode} // #nosec G124 -- see above
}

// signIn is GET /sign-in: the form that asks for the token.
func (g *page) signIn(w http.ResponseWriter, r *http.Request) {
	if g.session.knows(r) {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	g.askToken(w, r, http.StatusOK, "")
}

func (g *page) askToken(w http.ResponseWriter, r *http.Request, status int, problem string) {
	g.show(w, r, status, "sign-in", frame{Title: "Sign in", Body: problem})
}

// checkToken is POST /sign-in.
func (g *page) checkToken(w http.ResponseWriter, r *http.Request) {
	token := r.PostFormValue("token")
	switch {
	case looksReal(token):
		g.askToken(w, r, http.StatusForbidden, "This looks like the token of a real HubSpot account. It was not used. The token to enter is the one that serve was started with.")
	case !sameSecret(token, g.session.token):
		g.askToken(w, r, http.StatusForbidden, "That is not the token. It is the one that serve was started with.")
	default:
		g.session.open(w)
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

// signOut is POST /sign-out.
func (g *page) signOut(w http.ResponseWriter, r *http.Request) error {
	g.session.close(w)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
