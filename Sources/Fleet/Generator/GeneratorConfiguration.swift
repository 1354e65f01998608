/// Times and limits of the session generator.
package struct GeneratorConfiguration: Sendable, Equatable {
    /// How long an attempt lives that waits for its phone.
    package var lifetime: Duration = .seconds(300)
    /// How long an attempt lives on when nobody looks at it.
    package var browserGrace: Duration = .seconds(60)
    /// How long a session ID can be copied at least, when the phone accepted shortly before the end of `lifetime`.
    package var timeToCopy: Duration = .seconds(120)
    /// Attempts that one address may begin within an hour.
    package var attemptsPerHour = 3
    /// Attempts that one address may have at once.
    package var attemptsAtOnce = 2
    /// Attempts at once in all.
    package var attemptsInAll = 500
    /// Session IDs that one address may have looked at within an hour.
    package var validationsPerHour = 60
    /// Logins that one address may have tried within an hour.
    package var loginChecksPerHour = 6
    /// Logins that are tried at once in all.
    package var loginChecksAtOnce = 20

    package init() {}

    /// Throws for the first value that cannot work, named as the property here.
    package func validate() throws(GeneratorConfigurationError) {
        try Self.check(lifetime, "lifetime", in: .seconds(30) ... .seconds(3_600))
        try Self.check(browserGrace, "browserGrace", in: .seconds(5) ... .seconds(3_600))
        try Self.check(timeToCopy, "timeToCopy", in: .seconds(0) ... .seconds(3_600))
        try Self.check(attemptsPerHour, "attemptsPerHour", in: 1...10_000)
        try Self.check(attemptsAtOnce, "attemptsAtOnce", in: 1...10_000)
        try Self.check(attemptsInAll, "attemptsInAll", in: 1...10_000)
        try Self.check(validationsPerHour, "validationsPerHour", in: 1...10_000)
        try Self.check(loginChecksPerHour, "loginChecksPerHour", in: 1...10_000)
        try Self.check(loginChecksAtOnce, "loginChecksAtOnce", in: 1...1_000)
    }

    private static func check<Value: Comparable>(_ value: Value, _ name: String, in range: ClosedRange<Value>)
        throws(GeneratorConfigurationError)
    {
        guard range.contains(value) else { throw .outOfRange(name, "\(range.lowerBound)...\(range.upperBound)") }
    }
}

/// A value that the generator cannot work with.
package enum GeneratorConfigurationError: Error, Equatable {
    /// The property, and what it may be.
    case outOfRange(String, String)
}
