/// The templates that pages are made from; each is a file in `templates/`.
enum PageTemplate: String, CaseIterable, Sendable {
    case home
    case generate
    case attempt
    case docs
    case error
    case login = "accounts/login"
    case loginCode = "accounts/code"
    case register = "accounts/register"
    case notice = "accounts/notice"
    case form = "accounts/form"
    case settingsProfile = "settings/profile"
    case settingsSecurity = "settings/security"
    case settingsCodes = "settings/codes"
    case settingsDevices = "settings/devices"
    case settingsKeys = "settings/keys"
    case settingsTeam = "settings/team"
    case settingsData = "settings/data"
    case mails = "dev/mail"
    case adminOverview = "admin/overview"
    case adminAccounts = "admin/accounts"
    case adminAccount = "admin/account"
    case adminAudit = "admin/audit"
    case adminAnnouncements = "admin/announcements"
    case adminSettings = "admin/settings"
    case dashboard
    case deploy = "bots/deploy"
    case botOverview = "bots/overview"
    case botLog = "bots/log"
    case botEnvironment = "bots/environment"
    case botHistory = "bots/history"
    case botSettings = "bots/settings"
    case botOffer = "bots/offer"
    case botCommands = "commands/commands"
    case botAnswers = "commands/answers"
    case botChats = "commands/chats"
    case botChat = "commands/chat"
    case botRules = "commands/rules"
    case botCustom = "commands/custom"
    case botSchedules = "commands/schedules"
    case botPresets = "commands/presets"
    case botStatistics = "commands/statistics"
    case botWarnings = "commands/warnings"
    case adminBots = "admin/bots"
    case adminSystem = "admin/system"
    case adminDeployments = "admin/deployments"
    case adminLogs = "admin/logs"
    case adminPlans = "admin/plans"
}

/// What the layout prints around every page.
protocol PageFrame {
    var title: String { get }
    var description: String { get }
    /// The page's one address, or nil when it is not to be found by search.
    var canonicalPath: String? { get }
    /// Which entry of the menu stands for it.
    var place: PagePlace { get }
}

enum PagePlace {
    case home
    case generate
    case docs
    case login
    case elsewhere
}

/// The colours that somebody chose, kept in a cookie.
enum Theme: String, CaseIterable, Sendable {
    case light
    case dark
}
