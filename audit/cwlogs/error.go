package cwlogs

import "errors"

// The reasons of errors, for programs that branch on them with [errors.Is].
// Those of the service can be told by [errors.AsType], as a
// *types.ResourceNotFoundException and its kin.
var (
	// ErrTokenRepeated: a page has the token of one before it, so that to go on
	// would be to read the same pages for ever.
	ErrTokenRepeated = errors.New("the service gives the token of a page again")
	// ErrSampled: there were more than 500 log events in a second, and the
	// service left out some of them. The loop may go on.
	ErrSampled = errors.New("the service left out log events of one second, because there were more than 500")
	// ErrSessionEnded: the session of a live tail is over, after three hours or
	// because the connection broke. What is logged from then on is not given.
	ErrSessionEnded = errors.New("the session of the live tail has ended")
	// ErrSilent: nothing came for the time of [Tail.Silence], though the service
	// sends an update each second. The connection is taken for broken.
	ErrSilent = errors.New("the live tail is silent")
)
