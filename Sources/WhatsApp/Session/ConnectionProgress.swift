internal import Foundation
internal import NIOCore

/// A session's socket, and where it stands with it.
struct ConnectionProgress {
    var handler: NIOLoopBound<EngineHandler<LoginEngine>>?
    var policy = ReconnectPolicy()
    var connectedAt: Date?
    var retry: Scheduled<Void>?
    /// How often it connected anew at once since the last connection that lasted.
    var hurried = 0
    var hasUpdatedVersion = false
    var hasStarted = false
    var isOver = false
    var isLoggedIn = false
    /// Pre-keys are in order: stanzas may go out.
    var isActive = false
    /// Sends that wait for that while the login is under way.
    var activityWaiters: [LoopContinuation<Bool>] = []
    /// The service has said that there is no more backlog, and all of it is durable.
    var isBacklogThrough = false
    /// The next question for more of the backlog.
    var backlogQuestion: Scheduled<Void>?
    /// Active and without backlog: listeners have been told.
    var isCaughtUp = false
    /// Rises with every connection, so that what belonged to an older one is known.
    var number = 0
    var requestIDs: RequestIDs?
}
