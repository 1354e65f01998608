internal import Bots
internal import Foundation

/// The variables of a bot as a form shows them: known ones with help, then free ones.
struct VariableForm: Sendable {
    struct Known: Sendable {
        let variableName: String
        let variableHelp: String
        let variableValue: String?
        let variableStandard: String?
        let variableError: String?
        let variableIsText: Bool
        let variableIsNumber: Bool
        let variableIsChoice: Bool
        let variableIsSecret: Bool
        /// A secret that is kept already and stays unless another is typed.
        let variableIsKept: Bool
        let variableLow: Int?
        let variableHigh: Int?
        let variableLimit: Int?
        let variableChoices: [Choice]
    }

    struct Free: Sendable {
        let freeName: String?
        let freeValue: String?
        let freeIsSecret: Bool
        let freeIsKept: Bool
        let freeError: String?
        let freeNumber: Int
    }

    let known: [Known]
    let free: [Free]

    /// `form` is what came back with a mistake, and `error` what is wrong with it.
    init(_ variables: [BotVariable], form: FormFields? = nil, error: HostingError? = nil, strings: Strings) {
        let kept = Dictionary(variables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let wrong: (String) -> String? = { name in
            error.flatMap { $0.field == name ? strings.message(of: $0) : nil }
        }
        known = KnownVariable.all.map { variable in
            let value = form.map { $0["env-\(variable.name)"] } ?? kept[variable.name]?.value
            var known = Pieces(variable.kind)
            if case .flag = variable.kind { known.choices = ["true", "false"] }
            let unset = Choice(
                "",
                variable.standard.map { strings("bots.env.standard", ["value": $0]) } ?? strings("bots.env.unset"),
                isSelected: value == nil
            )
            return Known(
                variableName: variable.name,
                variableHelp: strings.find("bots.env.help.\(variable.name)") ?? variable.help,
                variableValue: value,
                variableStandard: variable.standard,
                variableError: wrong(variable.name),
                variableIsText: known.isText,
                variableIsNumber: known.low != nil,
                variableIsChoice: !known.choices.isEmpty,
                variableIsSecret: known.isSecret,
                variableIsKept: known.isSecret && kept[variable.name] != nil,
                variableLow: known.low,
                variableHigh: known.high,
                variableLimit: known.limit,
                variableChoices: known.choices.isEmpty
                    ? [] : [unset] + known.choices.map { Choice($0, $0, isSelected: $0 == value) }
            )
        }
        let names = Set(KnownVariable.all.map(\.name))
        var free: [Free] = []
        if let form {
            let secrets = Set(form.all("free-secret"))
            for (index, name) in form.all("free-name").prefix(VariableWish.countLimit).enumerated() {
                let values = form.all("free-value")
                let value = values.indices.contains(index) ? values[index] : ""
                guard !name.isEmpty || !value.isEmpty else { continue }
                free.append(
                    Free(
                        freeName: name.isEmpty ? nil : String(name.prefix(64)),
                        freeValue: value.isEmpty ? nil : value,
                        freeIsSecret: secrets.contains("\(index)"),
                        freeIsKept: kept[name].map { $0.isSecret } ?? false,
                        freeError: wrong(name),
                        freeNumber: index
                    )
                )
            }
        } else {
            for variable in variables where !names.contains(variable.name) {
                free.append(
                    Free(
                        freeName: variable.name,
                        freeValue: variable.value,
                        freeIsSecret: variable.isSecret,
                        freeIsKept: variable.isSecret,
                        freeError: nil,
                        freeNumber: free.count
                    )
                )
            }
        }
        // One empty line to type into, also without JavaScript.
        free.append(
            Free(
                freeName: nil,
                freeValue: nil,
                freeIsSecret: false,
                freeIsKept: false,
                freeError: nil,
                freeNumber: (free.last?.freeNumber ?? -1) + 1
            )
        )
        self.free = free
    }

    private struct Pieces {
        var isText = false
        var isSecret = false
        var low: Int?
        var high: Int?
        var limit: Int?
        var choices: [String] = []

        init(_ kind: KnownVariable.Kind) {
            switch kind {
            case .text(let limit):
                isText = true
                self.limit = limit
            case .choice(let values): choices = values
            case .flag: break
            case .number(let range): (low, high) = (range.lowerBound, range.upperBound)
            case .secret: isSecret = true
            }
        }
    }
}

extension FormFields {
    /// The variables that a form asks for; an empty field of a secret that is kept leaves it as it is.
    func variables(kept: [BotVariable]) throws(HostingError) -> [VariableWish] {
        let secrets = Set(kept.filter(\.isSecret).map(\.name))
        var wishes: [VariableWish] = []
        for variable in KnownVariable.all {
            if let value = self["env-\(variable.name)"] {
                wishes.append(try VariableWish(name: variable.name, value: value, isSecret: false))
            } else if secrets.contains(variable.name), !isOn("remove-\(variable.name)") {
                wishes.append(try VariableWish(name: variable.name, value: nil, isSecret: true))
            }
        }
        let (names, values, marked) = (all("free-name"), all("free-value"), Set(all("free-secret")))
        for (index, text) in names.enumerated() {
            let name = String(text.trimmed)
            let value = values.indices.contains(index) ? values[index] : ""
            guard !name.isEmpty else { continue }
            let isSecret = marked.contains("\(index)")
            if value.isEmpty, secrets.contains(name), isSecret {
                wishes.append(try VariableWish(name: name, value: nil, isSecret: true))
            } else {
                wishes.append(try VariableWish(name: name, value: value, isSecret: isSecret))
            }
        }
        return wishes
    }

    var botSettings: BotSettings {
        var settings = BotSettings()
        settings.readsMessages = isOn("readsMessages")
        settings.showsOnline = isOn("showsOnline")
        settings.isPrivate = isOn("isPrivate")
        settings.viewsStatuses = isOn("viewsStatuses")
        settings.rejectsCalls = isOn("rejectsCalls")
        return settings
    }
}

/// The switches of a bot, as boxes to tick.
struct SettingBox: Sendable {
    let settingName: String
    let settingLabel: String
    let settingIsOn: Bool

    static func all(_ settings: BotSettings, strings: Strings) -> [SettingBox] {
        [
            ("readsMessages", settings.readsMessages), ("showsOnline", settings.showsOnline),
            ("isPrivate", settings.isPrivate), ("viewsStatuses", settings.viewsStatuses),
            ("rejectsCalls", settings.rejectsCalls),
        ].map { name, isOn in
            SettingBox(settingName: name, settingLabel: strings("bots.setting.\(name)"), settingIsOn: isOn)
        }
    }
}
