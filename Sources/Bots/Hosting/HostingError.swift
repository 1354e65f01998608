/// Why something cannot be done with a bot.
package enum HostingError: Error, Equatable {
    /// There is none, or it is not the caller's.
    case unknownBot
    /// The caller sees the bot, but may not do that with it.
    case notAllowed
    case invalidName
    case invalidPrefix
    case invalidPhone
    case phoneMissing
    /// Only 1, 2, 3, 6 and 12 months are offered.
    case invalidDuration
    /// What the caller saw has been changed since by somebody else.
    case changedMeanwhile
    /// The bot's approval does not allow that.
    case wrongApproval(BotApproval)
    /// The bot may not run; one word says why.
    case mayNotRun(String)
    case limitReached(PlanLimit, Int)
    case invalidEnvironment(name: String, EnvironmentProblem)
    case tooManyVariables(Int)
    case invalidSchedule
    /// A transfer to oneself, or to nobody.
    case invalidRecipient
    case noTransfer
    /// A bot is to be made for an account that there is not.
    case unknownOwner
    case notInTeam
    case unknownPlan
    case invalidPlan(field: String)
    case planInUse
    /// The typed confirmation is not the bot's name.
    case wrongConfirmation
    /// A pairing code is asked for although a phone is linked.
    case alreadyLinked
    case noPairingCode
    case inMaintenance
}
