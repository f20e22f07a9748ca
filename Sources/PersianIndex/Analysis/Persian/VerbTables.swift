// SPDX-License-Identifier: Apache-2.0

/// Closed lists of the verb grammar, written by hand.
enum VerbTables {
  /// Verbs whose preverb is written joined in their simple forms.
  static let prefixedVerbs = """
    برگشت برگرداند برداشت برخاست برآمد برآورد برخورد بربست برکند برگزید برانداخت برافراشت برافروخت \
    برانگیخت برشمرد برتافت برنشست برنهاد برپا برچید برد برکشید برگماشت برافتاد برآشفت برآسود برتابید \
    برملا برگزار برخواند برنوشت برشکست برساخت برجست برپرید بردمید برآویخت برآمیخت براندازد \
    درآمد درآورد دریافت درگذشت درخواست درگرفت دررفت درماند درافتاد درانداخت درنوردید درآمیخت \
    درآویخت درپیچید درکرد درکشید درشکست درهم درید درگشود درشد \
    بازگشت بازداشت بازیافت بازماند بازآمد بازآورد بازگفت بازستاند بازشناخت بازخواند بازگرداند \
    بازپرداخت بازنمود بازایستاد بازپس بازگذاشت بازنگریست بازگو بازجست بازدید بازتاباند بازتافت \
    بازآفرید بازنوشت بازپخش بازفرستاد بازرساند بازرهاند \
    فراگرفت فراخواند فرارسید فرارفت فراداد فراآورد فراخواست فراپاشید فرانگریست \
    فرورفت فروریخت فروبرد فروگذاشت فرونشست فرونشاند فروکاست فروخورد فروبست فروافتاد فروکشید \
    فرومرد فروماند فروپاشید فروآمد فروآورد فروانداخت فروچکید فرولغزید فروهشت فروغلتید فرودوید \
    واداشت واگذاشت واگذارد وارسید واماند وارفت وازد واخواند واکاوید واگرداند واگشت واخواست واداد \
    ورافتاد ورآمد ورچید وررفت ورانداخت ورکشید
    """

  /// Prefixes of the imperfective, the subjunctive and negation; the longest first.
  static let prefixes = ["نمی", "همی", "می", "ن", "ب", "م"]

  /// The copula after a participle with a pronoun as its object (ندیده‌امش).
  static let copulasWithPronoun = """
    امش امشان امتان ایمش ایمشان ایدش ایدشان اندش اندشان اندت اندم اندمان امشون اندشون
    """

  /// Whether a prefix is one of the imperfective, by its place in ``prefixes`` counted from 1.
  static func isImperfective(_ prefix: Int) -> Bool { prefix >= 1 && prefix <= 3 }

  /// Verbs whose imperfective has an impersonal form without an ending (می‌توان, می‌باید).
  static let impersonal = ["توانست", "بایست", "شایست"]
}
