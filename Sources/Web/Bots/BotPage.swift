internal import Accounts
internal import Bots
internal import Foundation

/// The parts of a bot's pages.
enum BotTab: String, CaseIterable, Sendable {
    case overview
    case log
    case commands
    case environment
    case history
    case settings

    var path: String { self == .overview ? "" : "/\(rawValue)" }

    var template: PageTemplate {
        switch self {
        case .overview: .botOverview
        case .log: .botLog
        case .commands: .botCommands
        case .environment: .botEnvironment
        case .history: .botHistory
        case .settings: .botSettings
        }
    }

    var access: BotAccess {
        switch self {
        case .overview, .log, .commands, .history: .view
        case .environment, .settings: .own
        }
    }
}

/// What stands above every page of a bot, and what the chosen part needs.
struct BotPage: PanelPage {
    struct Axis: Sendable {
        let axisLabel: String
        let axisValue: String
        let axisKind: String
        let axisName: String
        let axisSince: String
        let axisCause: String?
    }

    struct Entry: Sendable {
        let entryText: String
        let entryDetail: String?
        let entryActor: String
        let entryAt: String
        let entryTime: String
    }

    struct Share: Sendable {
        let shareID: String
        let shareName: String
        let shareRight: String
    }

    let panelPlace = PanelPlace.dashboard
    let title: String
    let tab: BotTab
    let row: BotRow
    let botTabs: [TabEntry]
    let isOwn: Bool
    let mayOperate: Bool
    let isNew: Bool
    let isExpired: Bool
    let isLinked: Bool
    let mayLink: Bool
    let isLinking: Bool
    let isAdministrator: Bool
    let server: String
    let sandbox: Bool
    var problem: String?
    /// What people are told while the server is being worked on.
    var maintenance: String?

    // Overview.
    var axes: [Axis] = []
    var charts: [UsageChart] = []
    var spans: [TabEntry] = []
    var months: [Choice] = []
    /// Where somebody who sees the bot already is offered it.
    var offerID: String?
    var offerText: String?
    // Log.
    var levels: [Choice] = []
    var lines: [String] = []
    // Environment.
    var environmentVersion = 0
    var known: [VariableForm.Known] = []
    var free: [VariableForm.Free] = []
    // History.
    var entries: [Entry] = []
    var older: String?
    // Settings.
    var name: Field?
    var prefix: Field?
    var phone: Field?
    var settings: [SettingBox] = []
    var hasSchedule = false
    var zones: [Choice] = []
    var startsAt = "08:00"
    var stopsAt = "20:00"
    var days: [Choice] = []
    var shares: [Share] = []
    var shareEmail: Field?
    var mayOperateShared = false
    var transferEmail: Field?
    var transferText: String?

    init(
        _ bot: Bot,
        _ access: BotAccess,
        _ tab: BotTab,
        viewer: Viewer,
        hosting: Hosting,
        isSandbox: Bool,
        words: BotWords
    ) {
        let strings = words.strings
        self.tab = tab
        title = "\(bot.name) · Wharf"
        row = BotRow(ListedBot(bot: bot, access: access), words: words)
        isOwn = access == .own
        mayOperate = access >= .operate
        isNew = bot.approval.value == .new
        isExpired =
            bot.approval.value == .expired || (bot.approval.value == .approved && !bot.isApproved(at: words.now))
        isLinked = bot.link.value == .linked
        mayLink = access == .own && !isLinked && (isNew || bot.isApproved(at: words.now))
        isLinking = bot.run.value == .linking || bot.run.value == .starting
        isAdministrator = viewer.may(.administerBots)
        server = hosting.server
        sandbox = isSandbox
        botTabs = BotTab.entries(of: bot.id, access, current: tab, strings)
    }
}
