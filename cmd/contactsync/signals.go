package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible is a context that ends at the first signal that asks the process to end:
// Ctrl-C, SIGTERM, a terminal that is closed. A second one then ends the process at once,
// as it does where nobody listens. A hangup that the parent ignores, as nohup does, stays
// ignored.
//
// Whoever reads the output may go away (`| head`). That must not cut a run, so SIGPIPE is
// ignored, and a write that nobody reads is an error like any other.
func interruptible() context.Context {
	signal.Ignore(syscall.SIGPIPE)
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ending = append(ending, syscall.SIGHUP)
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, ending...)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-asked
		signal.Stop(asked) // before anybody is told, who might then ask again
		cancel()
	}()
	return ctx
}
