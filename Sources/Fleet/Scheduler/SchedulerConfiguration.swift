/// How sessions are started and looked after.
package struct SchedulerConfiguration: Sendable {
    /// How many connections a second are begun at most: first ones, and those of sessions that lost theirs.
    package var startsPerSecond = 100
    /// So many connections that fail one after the other, without one that succeeds, hold back all further ones.
    package var failuresInARow = 25
    /// For so long at first; doubled with each try that fails.
    package var breakerPause = Duration.seconds(5)
    /// Sessions without a message in or out for so long are stopped; nil for never.
    package var stopIdleAfter: Duration?
    /// How long a session whose run ended for no fault of its own waits before the next; doubled each time up to the limit.
    package var firstPause = Duration.seconds(2)
    package var longestPause = Duration.seconds(300)
    /// How often the leases are renewed.
    package var renewal = Duration.seconds(10)
    /// How often counters are looked at for health and idleness.
    package var lookAfter = Duration.seconds(15)
    /// What a session has not used for so long to twice as long leaves the memory.
    package var cooling = Duration.seconds(60)
    /// How often messages are removed that have disappeared or belong to cleared chats.
    package var messageSweep = Duration.seconds(5)
    /// Messages that are older are removed; nil for never.
    package var messageRetention: Duration?
    /// Events that wait for a listener in one of its lanes; what comes beyond is read again when it has caught up.
    package var laneLimit = 1_024
    /// How long a QR code is shown before the session gives up.
    package var linkingTime = Duration.seconds(300)
    /// Sessions that wait for a phone at once.
    package var linkingAtOnce = 200

    package init() {}
}
