package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"
)

// screen gathers the lines of one text report and writes them at once.
type screen struct {
	Options
	paint painter
	buf   strings.Builder
}

var warningColour = []color.Attribute{color.FgYellow, color.Bold}

// line writes one line. Trailing spaces are cut, so that aligned columns leave none.
func (s *screen) line(format string, args ...any) {
	s.buf.WriteString(Inert(strings.TrimRight(fmt.Sprintf(format, args...), " ")))
	s.buf.WriteByte('\n')
}

func (s *screen) flush(w io.Writer) error {
	if _, err := io.WriteString(w, s.buf.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
