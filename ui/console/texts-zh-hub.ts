/** What the hub says in English, by its stable codes, in Chinese. A code we do not know is shown as the hub said it. */
export const zhRefusals: Readonly<Record<string, readonly [error: string, whatToDo: string]>> = {
  'wrong-password': ['用户名或密码不对。', '再试一次。'],
  'code-needed': ['这个账号有第二重验证，还要填一次性验证码。', '填上手机里现在显示的六位数字。'],
  'wrong-code': ['一次性验证码不对。', '填现在显示的六位数字；还不行就校准手机的时钟。'],
  'code-used': ['这个一次性验证码已经用过。', '等下一个，最多 30 秒。'],
  'too-many-tries': ['这个用户名试错太多次。', '等五分钟再试。'],
  'not-your-right': ['你的角色只能看，不能做这件事。', '请有这项权限的人来做。'],
  'another-page': ['这是另一个网站的页面发来的请求。', '请直接打开县中心的操作台。'],
  'no-record': ['没有这条记录。', '检查编号；断网的自助机会晚一些才传上来。'],
  'bad-tid': ['这不是终端编号。', '用小写字母、数字和连字号，最多 32 个。'],
  'tid-taken': ['这个编号的终端已经有了。', '换一个编号，或者做终端更换。'],
  'unknown-shop': ['本县没有这家店铺。', '从列表里选一家。'],
  'unknown-terminal': ['没有这台终端。', '回到终端列表。'],
  'not-waiting': ['这台终端现在不等确认。', '等列表更新，再看它的状态。'],
  'same-person': ['这个码是你发的，不能由你确认。', '请另一位操作员来确认。'],
  'other-fingerprint': ['这不是那台自助机发来的指纹。', '再看一遍自助机的屏幕；还是不一样就不要确认，去查那台机器。'],
  'bad-request': ['县中心看不懂这个请求。', '改正后再试。'],
  internal: ['县中心出了错。', '再试一次，没有事情做到一半；还不行就看县中心的日志。'],
};

export const zhReasons: Readonly<Record<string, string>> = {
  'wrong-prev': '这条没有接在前一条之后。积分押着，等两个人决定。',
  'wrong-price': '有一行的积分和公布的目录不一样。积分押着，等两个人决定。',
  'wrong-counters': '自助机的累计数对不上。积分押着，这台自助机暂时不能兑换。',
  'over-allowance': '自助机花的超过了给它的额度。积分押着，等两个人决定。',
  'unknown-version': '是更新的自助机写的。已经存好，等县中心升级。',
  'unknown-type': '县中心还不会核对这一类记录。已经存好，等县中心升级。',
  'unknown-revision': '用到的目录版本县中心没有。已经存好，等着。',
};

export const zhChecks: Readonly<Record<string, readonly [right: string, wrong: string]>> = {
  signature: ['用这台终端登记的密钥签的，签名有效。', '签名无效，或者密钥没有登记过。'],
  chain: ['写着前一条的摘要，前一条也在这里。', '前一条还没到，或者它写的不是前一条。'],
  counters: ['花掉、撤销、退还的累计数都接着前一条。', '累计数对不上。'],
  price: ['各行加起来正好是扣掉的积分，单价与目录相同。', '各行与扣掉的积分不合，或单价与目录不同。'],
  allowance: ['给这台自助机的额度够用。', '额度不够，或者还没核对。'],
  transfers: ['总账为它转的积分，正好是它扣掉的。', '总账为它转的积分，与它扣掉的不合。'],
};
