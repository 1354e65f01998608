/// What is wrong with a rule, a command, a file or a schedule that somebody has made.
package enum AutomationError: Error, Equatable {
    /// What was filled in, by its name in the API and in forms.
    package enum Field: String, Sendable, CaseIterable {
        case pattern
        case answer
        case priority
        case file
        case fileName
        case name
        case summary
        case text
        case menu
        case requestMethod = "request.method"
        case requestURL = "request.url"
        case requestBody = "request.body"
        case requestSeconds = "request.seconds"
        case requestHosts = "request.hosts"
        case webhookURL = "webhook.url"
        case webhookSeconds = "webhook.seconds"
        case chat
        case at
        case cron
        case kind
        case content
    }

    case invalid(Field)
    case invalidRegex(BoundedRegex.Problem)
    case limitReached(Int)
    /// All chats together have so many, and what is left is for the bot's administrators.
    case shareReached(Int)
    /// All files of a bot together are larger than so many bytes.
    case filesTooLarge(Int)
    case takenName(String)
    /// A file that a rule or a command sends.
    case inUse
    case unknown
}
