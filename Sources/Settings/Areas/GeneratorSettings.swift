/// Times and limits of the session generator.
package struct GeneratorSettings: Sendable {
    package var lifetime: Duration
    package var browserGrace: Duration
    package var timeToCopy: Duration
    package var attemptsPerHour: Int
    package var attemptsAtOnce: Int
    package var attemptsInAll: Int
    package var validationsPerHour: Int
    package var loginChecksPerHour: Int
    package var loginChecksAtOnce: Int

    init(reading reader: inout SettingsReader) {
        reader.begin("Session generator")
        let hour: Duration = .seconds(3_600)
        lifetime = reader.value(
            "WHARF_GENERATOR_LIFETIME",
            .duration(.seconds(30)...hour),
            standard: .seconds(300),
            help: "How long an attempt waits for its phone."
        )
        browserGrace = reader.value(
            "WHARF_GENERATOR_BROWSER_GRACE",
            .duration(.seconds(5)...hour),
            standard: .seconds(60),
            help: "How long an attempt lives on when its browser is gone."
        )
        timeToCopy = reader.value(
            "WHARF_GENERATOR_TIME_TO_COPY",
            .duration(.zero...hour),
            standard: .seconds(120),
            help: "How long a session ID can be copied at least, however late the phone accepted."
        )
        let limit = SettingType<Int>.wholeNumber(1...10_000)
        attemptsPerHour = reader.value(
            "WHARF_GENERATOR_ATTEMPTS_PER_HOUR",
            limit,
            standard: 3,
            help: "Attempts that one address may begin within an hour. An IPv6 /64 counts as one address."
        )
        attemptsAtOnce = reader.value(
            "WHARF_GENERATOR_ATTEMPTS_AT_ONCE",
            limit,
            standard: 2,
            help: "Attempts that one address may have at once."
        )
        attemptsInAll = reader.value(
            "WHARF_GENERATOR_ATTEMPTS_IN_ALL",
            limit,
            standard: 500,
            help: "Attempts at once in all."
        )
        validationsPerHour = reader.value(
            "WHARF_GENERATOR_VALIDATIONS_PER_HOUR",
            limit,
            standard: 60,
            help: "Session IDs that one address may have checked within an hour."
        )
        loginChecksPerHour = reader.value(
            "WHARF_GENERATOR_LOGIN_CHECKS_PER_HOUR",
            limit,
            standard: 6,
            help: "Session IDs that one address may have tried with a real login within an hour."
        )
        loginChecksAtOnce = reader.value(
            "WHARF_GENERATOR_LOGIN_CHECKS_AT_ONCE",
            .wholeNumber(1...1_000),
            standard: 20,
            help: "Real logins that are tried at once in all."
        )
    }
}
