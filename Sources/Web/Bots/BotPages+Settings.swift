internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// The forms of a bot's settings that keep what was typed, each known by its fields.
private enum SettingsForm {
    case general
    case schedule
    case share

    init?(_ form: FormFields) {
        if form.isOn("schedule") {
            self = .schedule
        } else if form.isOn("prefix") {
            self = .general
        } else if form.isOn("email") {
            self = .share
        } else {
            return nil
        }
    }
}

extension BotPages {
    func fillSettings(
        _ page: inout BotPage,
        _ bot: Bot,
        _ caller: BotCaller,
        _ words: BotWords,
        form: FormFields,
        _ error: (any UserFacingError)?
    ) async throws {
        let strings = words.strings
        var name = Field("name", strings("bots.field.name"), value: bot.name, maxLength: 60)
        var prefix = Field("prefix", strings("bots.field.prefix"), value: bot.prefix, maxLength: 4)
        var phone = Field(
            "phone",
            strings("bots.field.phone"),
            type: "tel",
            value: bot.phone.map { "+\($0)" },
            hint: strings("bots.field.phone_hint"),
            isRequired: false,
            maxLength: 32,
            inputMode: "tel"
        )
        var share = Field("email", strings("bots.field.member"), type: "email", maxLength: 254)
        var transfer = Field("recipient", strings("bots.field.recipient"), type: "email", maxLength: 254)
        // Of several forms on the page only one was sent: what stands in the others is what holds.
        let sent = error == nil ? nil : SettingsForm(form)
        page.settings = SettingBox.all(sent == .general ? form.botSettings : bot.settings, strings: strings)
        page.mayOperateShared = sent == .share && form.isOn("operate")
        if let error {
            name = name.again(form, error, strings)
            prefix = prefix.again(form, error, strings)
            phone = phone.again(form, error, strings)
            share = share.again(form, error, strings)
            transfer = transfer.again(form, error, strings)
        }
        (page.name, page.prefix, page.phone, page.shareEmail, page.transferEmail) = (
            name, prefix, phone, share, transfer
        )
        fillSchedule(&page, bot.schedule, strings)
        if sent == .schedule { fillSchedule(&page, typed: form) }
        for share in try await hosting.shares(of: bot.id, for: caller) {
            let member = try? await people.account(share.account)
            page.shares.append(
                BotPage.Share(
                    shareID: share.account.description,
                    shareName: member.map { "\($0.name) (\($0.email))" } ?? share.account.description,
                    shareRight: strings(share.mayOperate ? "bots.share.operate" : "bots.share.view")
                )
            )
        }
        if let offer = try await hosting.transfer(of: bot.id, for: caller) {
            page.transferText = strings(
                "bots.transfer.offered",
                ["email": offer.email, "at": strings.moment(offer.at)]
            )
        }
    }

    private func fillSchedule(_ page: inout BotPage, _ schedule: BotSchedule?, _ strings: Strings) {
        page.hasSchedule = schedule != nil
        if let schedule {
            page.startsAt = Self.clock(schedule.start)
            page.stopsAt = Self.clock(schedule.stop)
        }
        let chosen = schedule?.zone.identifier ?? "UTC"
        let zones = Set(Self.zones + [chosen]).sorted()
        page.zones = zones.map { Choice($0, $0, isSelected: $0 == chosen) }
        page.days = (0..<7).map { day in
            Choice("\(day)", strings("bots.day.\(day)"), isSelected: schedule?.isChosen(day) ?? (day < 5))
        }
    }

    /// What somebody has typed stays, good or not.
    private func fillSchedule(_ page: inout BotPage, typed form: FormFields) {
        page.hasSchedule = form["schedule"] == "hours"
        page.startsAt = form["start"] ?? ""
        page.stopsAt = form["stop"] ?? ""
        page.zones = page.zones.chosen(form["zone"])
        let days = form.all("day")
        page.days = page.days.map {
            Choice($0.choiceValue, $0.choiceLabel, isSelected: days.contains($0.choiceValue))
        }
    }

    private static let zones = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") || $0 == "UTC" } + ["UTC"]

    private static func clock(_ minutes: Int) -> String {
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// Minutes since midnight of `08:30`.
    static func minutes(_ text: String?) -> Int? {
        let parts = text?.split(separator: ":").map { Int($0) } ?? []
        guard parts.count >= 2, let hour = parts[0], let minute = parts[1], (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}
