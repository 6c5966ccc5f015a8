package report

import (
	"fmt"
	"io"
	"strings"
)

// Header writes the first lines of a screen that is about a portal: which one it is,
// and what was read. The first line names portal, account, kind and API version; the
// portal is cut in its middle where the line is too short for all of it.
func Header(w io.Writer, stats Stats, o Options) error {
	s := &screen{Options: o, paint: painter{o.Color}}
	s.header(stats)
	return s.flush(w)
}

const (
	headerMargin = "Portal   "
	headerGap    = 2
	// A portal that is cut to less than this could be any.
	minPortal = 12
	// liveColumn is where the second half of the header's line of files begins, if there
	// is room for it from there on.
	liveColumn = 40
)

func (s *screen) header(stats Stats) {
	s.portalLine(stats)
	if stats.Advice != "" {
		for _, line := range wrap(stats.Advice, s.width()-len(headerMargin)) {
			s.line("         %s", s.paint.faint(line))
		}
	}
	files := fmt.Sprintf("Files    %s, %s", plural(stats.Files, "file", "files"), plural(stats.Declared, "contact", "contacts"))
	switch {
	case stats.Undo != "":
		files = fmt.Sprintf("Run      %s, %s", Terminal(stats.Undo), plural(stats.Declared, "contact", "contacts"))
	case stats.Files == 0:
		return
	}
	live := fmt.Sprintf("Live %s found, read in %s", plural(stats.Found, "contact", "contacts"), plural(stats.Requests, "request", "requests"))
	if column := min(liveColumn, s.width()-cells(live)); cells(files)+3 <= column {
		s.line("%s%s", pad(files, column), live)
		return
	}
	s.line("%s", files)
	s.line("%s", strings.Replace(live, "Live ", "Live     ", 1))
}

// portalLine names the portal and its account on one line: in full, else in fewer
// words, else with the portal cut; on two lines where nothing of it would be left.
func (s *screen) portalLine(stats Stats) {
	portal := Terminal(stats.Portal)
	full, short := accountTexts(stats)
	least := min(cells(portal), minPortal)
	room := func(account string) int { return s.width() - len(headerMargin) - headerGap - cells(account) }
	account := full
	if room(full) < cells(portal) && room(short) >= least {
		account = short
	}
	if room(account) < least {
		s.line("%s%s", headerMargin, s.paint.bold(clipMiddle(portal, s.width()-len(headerMargin))))
		s.line("%s%s", strings.Repeat(" ", len(headerMargin)), full)
		return
	}
	s.line("%s%s%s%s", headerMargin, s.paint.bold(clipMiddle(portal, room(account))), strings.Repeat(" ", headerGap), account)
}

// accountTexts say which account a portal is, of which kind, and by which API version
// it is spoken to. The short one leaves out what the reader can guess.
func accountTexts(stats Stats) (full, short string) {
	account, kind, version := Terminal(stats.Account), Terminal(stats.Kind), Terminal(stats.Version)
	full, short = fmt.Sprintf("account %s, %s", account, kind), fmt.Sprintf("account %s, %s", account, kind)
	if version != "" {
		full, short = full+", API "+version, short+", "+version
	}
	return full, short
}
