/// One line of a longer form, as `parts/line` prints it: a text, a number, an area, a choice or a box to tick.
///
/// Its names all begin with `line`, because a template that finds no text here would look around it.
struct FormLine: Sendable {
    enum Kind: Sendable {
        case text(type: String, limit: Int)
        case number(ClosedRange<Int>)
        case area(rows: Int, limit: Int)
        case choice([Choice])
        case check(isOn: Bool)
    }

    let lineID: String
    let lineName: String
    let lineLabel: String
    let lineValue: String?
    let linePlaceholder: String?
    let lineHint: String?
    let lineError: String?
    let lineDescribedBy: String?
    let lineIsRequired: Bool
    let lineHasFocus: Bool
    let lineIsInput: Bool
    let lineIsArea: Bool
    let lineIsChoice: Bool
    let lineIsCheck: Bool
    let lineIsChecked: Bool
    /// Whether it is shown and cannot be changed.
    var lineIsFixed = false
    var lineType: String?
    var lineRows: Int?
    var lineLimit: Int?
    var lineLow: String?
    var lineHigh: String?
    var lineChoices: [Choice] = []

    init(
        _ name: String,
        _ kind: Kind,
        id: String? = nil,
        label: String,
        value: String?,
        placeholder: String?,
        hint: String?,
        error: String?,
        isRequired: Bool
    ) {
        let id = id ?? "line-\(name)"
        lineID = id
        lineName = name
        lineLabel = label
        lineValue = value.flatMap { $0.isEmpty ? nil : $0 }
        linePlaceholder = placeholder.flatMap { $0.isEmpty ? nil : $0 }
        lineHint = hint
        lineError = error
        let described = [error == nil ? nil : "\(id)-error", hint == nil ? nil : "\(id)-hint"]
        let ids = described.compactMap { $0 }
        lineDescribedBy = ids.isEmpty ? nil : ids.joined(separator: " ")
        lineIsRequired = isRequired
        lineHasFocus = error != nil
        (lineIsInput, lineIsArea, lineIsChoice, lineIsCheck, lineIsChecked) =
            switch kind {
            case .text, .number: (true, false, false, false, false)
            case .area: (false, true, false, false, false)
            case .choice: (false, false, true, false, false)
            case .check(let isOn): (false, false, false, true, isOn)
            }
        switch kind {
        case .text(let type, let limit): (lineType, lineLimit) = (type, limit)
        case .number(let range):
            (lineType, lineLow, lineHigh) = ("number", "\(range.lowerBound)", "\(range.upperBound)")
        case .area(let rows, let limit): (lineRows, lineLimit) = (rows, limit)
        case .choice(let choices): lineChoices = choices
        case .check: break
        }
    }
}

/// Makes the lines of one form: labels by name, and for a form that came back what was typed and what is wrong with it.
struct FormLines {
    let strings: Strings
    /// Where the labels stand, such as `commands.rule`; hints stand in its group `hint`.
    let group: String
    /// What came back; nil for a form that is shown for the first time.
    let form: FormFields?
    let error: (any UserFacingError)?

    private func line(
        _ name: String,
        _ kind: FormLine.Kind,
        _ value: String?,
        placeholder: String? = nil,
        isRequired: Bool = false
    ) -> FormLine {
        FormLine(
            name,
            kind,
            label: strings("\(group).\(name)"),
            value: value,
            placeholder: placeholder,
            hint: strings.find("\(group).hint.\(name)"),
            error: error.flatMap { $0.field == name ? strings.message(of: $0) : nil },
            isRequired: isRequired
        )
    }

    func text(
        _ name: String,
        _ value: String?,
        placeholder: String? = nil,
        limit: Int,
        type: String = "text",
        isRequired: Bool = false
    ) -> FormLine {
        let typed = form.map { $0[name].map { String($0.prefix(limit)) } } ?? value
        return line(name, .text(type: type, limit: limit), typed, placeholder: placeholder, isRequired: isRequired)
    }

    func number(
        _ name: String,
        _ value: Int?,
        in range: ClosedRange<Int>,
        placeholder: String? = nil,
        isRequired: Bool = false
    ) -> FormLine {
        let typed = form.map { $0[name].map { String($0.prefix(12)) } } ?? value.map { "\($0)" }
        return line(name, .number(range), typed, placeholder: placeholder, isRequired: isRequired)
    }

    func area(_ name: String, _ value: String?, rows: Int = 3, placeholder: String? = nil, limit: Int) -> FormLine {
        let typed = form.map { $0[name].map { String($0.prefix(limit)) } } ?? value
        return line(name, .area(rows: rows, limit: limit), typed, placeholder: placeholder)
    }

    func choice(_ name: String, _ value: String, _ choices: [(value: String, label: String)]) -> FormLine {
        let chosen = form.map { $0[name] ?? "" } ?? value
        return line(name, .choice(choices.map { Choice($0.value, $0.label, isSelected: $0.value == chosen) }), nil)
    }

    func check(_ name: String, _ isOn: Bool) -> FormLine {
        line(name, .check(isOn: form.map { $0.isOn(name) } ?? isOn), nil)
    }

    /// Something that is on, off, or as usual.
    func flag(_ name: String, _ value: Bool?, usual: String) -> FormLine {
        choice(
            name,
            value.map { $0 ? "true" : "false" } ?? "",
            [
                ("", usual), ("true", strings("commands.on")), ("false", strings("commands.off")),
            ]
        )
    }
}

extension FormFields {
    /// A whole number; nil when the field is empty.
    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw RequestError.invalidField(
                name,
                message: "Type a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }

    /// One of the choices; nil when none is chosen.
    func choice<Value: RawRepresentable>(_ name: String, _: Value.Type = Value.self) throws -> Value?
    where Value.RawValue == String {
        guard let text = self[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            throw RequestError.invalidField(name, message: "Choose one of what is offered.")
        }
        return value
    }

    /// On, off, or nil for as usual.
    func flag(_ name: String) -> Bool? { self[name].map { $0 == "true" } }

    /// The words of a field that holds several, parted by blanks, commas or line breaks.
    func words(_ name: String) -> [String]? {
        guard let text = self[name] else { return nil }
        return text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
    }

    /// A text of several lines, without the carriage returns that browsers send.
    func lines(_ name: String) -> String? { self[name]?.replacing("\r\n", with: "\n") }
}
