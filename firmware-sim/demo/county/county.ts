import { demoItems } from './items.ts';
import { demoClerks, demoResidents } from './people.ts';
import type { DemoCategory, DemoCounty, DemoVillage } from './types.ts';

/** Kiosk 1 stands in the first village; people of the other two are visitors there. All names are invented. */
const villages: readonly DemoVillage[] = [
  {
    id: 'taowan',
    name: '桃湾村',
    nameEn: 'Taowan Village',
    town: '柳溪镇',
    townEn: 'Liuxi Town',
    shopId: 'shop-taowan',
    shopName: '桃湾村积分超市',
    shopNameEn: 'Taowan Points Shop',
  },
  {
    id: 'shimo',
    name: '石磨村',
    nameEn: 'Shimo Village',
    town: '柳溪镇',
    townEn: 'Liuxi Town',
    shopId: 'shop-shimo',
    shopName: '石磨村积分超市',
    shopNameEn: 'Shimo Points Shop',
  },
  {
    id: 'zhuwu',
    name: '竹坞村',
    nameEn: 'Zhuwu Village',
    town: '云岭镇',
    townEn: 'Yunling Town',
    shopId: 'shop-zhuwu',
    shopName: '竹坞村积分超市',
    shopNameEn: 'Zhuwu Points Shop',
  },
];

/** No category has more than six items: one page of the kiosk's shelf. */
const categories: readonly DemoCategory[] = [
  { id: 'food', nameZh: '粮油食品', nameEn: 'Food' },
  { id: 'wash', nameZh: '洗护清洁', nameEn: 'Washing' },
  { id: 'home', nameZh: '居家日用', nameEn: 'Home' },
];

export const demoCounty: DemoCounty = {
  id: 'songyin',
  name: '松荫县',
  nameEn: 'Songyin County',
  timeZone: 'Asia/Shanghai',
  villages,
  categories,
  items: demoItems,
  residents: demoResidents,
  clerks: demoClerks,
  cap: 1000,
};
