package journal

// State is how far a run came.
type State uint8

// NotBegun was cut before its first record, and so before its first request.
// Interrupted has no end: it was cut, or is still running.
const (
	NotBegun State = iota + 1
	Interrupted
	Finished
	GivenUp
)

// String is the state in the words of people.
func (s State) String() string {
	switch s {
	case NotBegun:
		return "not begun"
	case Interrupted:
		return "interrupted"
	case Finished:
		return "finished"
	case GivenUp:
		return "abandoned"
	}
	return ""
}

// Begin is the first record; nil when the run was cut before it.
func (l *Log) Begin() *Begin {
	if len(l.Records) == 0 {
		return nil
	}
	return l.Records[0].Begin
}

// End is the record that closed the run; nil when it is open.
func (l *Log) End() *End {
	if len(l.Records) == 0 {
		return nil
	}
	return l.Records[len(l.Records)-1].End
}

// State is how far the run came.
func (l *Log) State() State {
	switch end := l.End(); {
	case l.Begin() == nil:
		return NotBegun
	case end == nil:
		return Interrupted
	case end.Status == Abandoned:
		return GivenUp
	}
	return Finished
}

// Standing is how each write stands by the records. An empty Outcome is that of a
// write whose request may have been sent and of which nothing is known since.
func Standing(records []Record) map[Place]Item {
	standing := make(map[Place]Item)
	for _, record := range records {
		switch {
		case record.Intent != nil:
			for _, write := range record.Intent.Writes {
				standing[Place{write.Change, write.Part}] = Item{Change: write.Change, Part: write.Part}
			}
		case record.Outcome != nil:
			for _, item := range record.Outcome.Items {
				standing[Place{item.Change, item.Part}] = item
			}
		}
	}
	return standing
}
