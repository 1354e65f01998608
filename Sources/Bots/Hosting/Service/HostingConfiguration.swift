/// How often the service of the bots does what.
package struct HostingConfiguration: Sendable {
    /// Looks for bots whose time is over, and for those that are not where they are to be.
    package var check = Duration.seconds(60)
    /// Measures what bots do and cost, and sees to the limits of their plans.
    package var measure = Duration.seconds(15)
    /// Removes what is older than it is kept, and measures storage.
    package var sweep = Duration.seconds(600)
    /// Writes down where sessions stand and what they logged.
    package var write = Duration.milliseconds(500)
    /// How long a bot that takes more of the machine than its plan has is held back.
    package var pause = Duration.seconds(600)

    package init() {}
}
