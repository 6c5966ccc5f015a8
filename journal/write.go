package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// File is what a Writer needs of a file. *os.File is one.
type File interface {
	io.Writer
	Sync() error
	Close() error
}

var _ File = (*os.File)(nil)

// Writer appends records to a journal. It may be used by several goroutines.
type Writer struct {
	mu   sync.Mutex
	file File
	last uint32 // checksum of the line before
	err  error  // the first one, which stands
}

// NewWriter begins a journal in an empty file.
func NewWriter(file File) *Writer { return &Writer{file: file} }

// Continue goes on with a journal behind the records that were read. The file must
// end where they end, without a torn line.
func (l *Log) Continue(file File) *Writer { return &Writer{file: file, last: l.last} }

// Append writes a record and returns when it is on the disk. The first error is
// final: every later call returns it too, and writes nothing.
func (w *Writer) Append(record Record) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	w.err = w.append(record)
	return w.err
}

func (w *Writer) append(record Record) error {
	line, sum, err := encode(w.last, record)
	if err != nil {
		return err
	}
	if n, err := w.file.Write(line); err != nil || n != len(line) {
		return fmt.Errorf("writing the journal: %w", errors.Join(err, short(n, len(line))))
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("syncing the journal: %w", err)
	}
	w.last = sum
	return nil
}

func short(n, want int) error {
	if n != want {
		return io.ErrShortWrite
	}
	return nil
}

// Close closes the file. What was appended is on the disk already.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("closing the journal: %w", err)
	}
	return nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode makes the line of a record, and its checksum.
func encode(last uint32, record Record) ([]byte, uint32, error) {
	text, err := json.Marshal(record)
	if err != nil {
		return nil, 0, fmt.Errorf("encoding a record: %w", err)
	}
	sum := checksum(last, text)
	return fmt.Appendf(make([]byte, 0, len(text)+10), "%08x %s\n", sum, text), sum, nil
}

func checksum(last uint32, text []byte) uint32 {
	return crc32.Update(crc32.Checksum(fmt.Appendf(nil, "%08x", last), castagnoli), castagnoli, text)
}

// Create makes a new journal, readable by its owner alone, whose folder exists. It
// and its name are on the disk when Create returns. A file of that name is an error.
func Create(path string) (*Writer, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- the caller names the file
	if err != nil {
		return nil, fmt.Errorf("creating the journal: %w", err)
	}
	err = errors.Join(file.Chmod(0o600), file.Sync(), syncFolder(filepath.Dir(path))) // whatever the umask
	if err != nil {
		return nil, fmt.Errorf("creating the journal: %w", errors.Join(err, file.Close()))
	}
	return NewWriter(file), nil
}

// syncFolder makes the names in a folder durable. Systems that cannot open a folder
// for that do without.
func syncFolder(path string) error {
	folder, err := os.Open(path) // #nosec G304 -- the folder of the journal
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(folder.Sync()), folder.Close())
}

// Open reads a journal and opens it for more records. A torn last line is cut off.
// The errors are those of Read and of the file system.
func Open(path string) (*Writer, *Log, error) {
	file, err := open(path, os.O_RDWR)
	if err != nil {
		return nil, &Log{}, err
	}
	log, err := Read(file)
	if err == nil {
		err = cut(file, log)
	}
	if err != nil {
		return nil, log, errors.Join(err, file.Close())
	}
	return log.Continue(file), log, nil
}

// open opens a file that is there, and neither a link nor a device nor a pipe: these lead
// to something that is no journal of ours.
func open(path string, flag int) (*os.File, error) {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s is no regular file", ErrDamaged, filepath.Base(path))
	}
	var file *os.File
	if err == nil {
		file, err = os.OpenFile(path, flag, 0o600) // #nosec G304 -- the caller names the file
	}
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	return file, nil
}

// cut shortens the file to what was read, and leaves its position at the end.
func cut(file *os.File, log *Log) error {
	if log.Torn {
		if err := errors.Join(file.Truncate(log.size), file.Sync()); err != nil {
			return fmt.Errorf("cutting the torn end of the journal: %w", err)
		}
	}
	if _, err := file.Seek(log.size, io.SeekStart); err != nil {
		return fmt.Errorf("opening the journal: %w", err)
	}
	return nil
}

// ReadFile reads a journal that is not going to be continued.
func ReadFile(path string) (*Log, error) {
	file, err := open(path, os.O_RDONLY)
	if err != nil {
		return &Log{}, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	return Read(file)
}
